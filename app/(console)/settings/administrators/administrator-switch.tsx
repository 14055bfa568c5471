"use client";

import { Button } from "@mantine/core";
import { useTransition } from "react";
import { notifyProblem, notifySuccess } from "@/components/notify";
import { setAdministratorActiveAction } from "./actions";

type AdministratorSwitchProps = { id: string; name: string; isActive: boolean };

export function AdministratorSwitch({ id, name, isActive }: AdministratorSwitchProps) {
  const [isBusy, start] = useTransition();
  const toggle = () =>
    start(async () => {
      const result = await setAdministratorActiveAction({ id, active: !isActive });
      if (!result.ok) return notifyProblem(result.error);
      notifySuccess(
        isActive ? `${name} is disabled and signed out everywhere.` : `${name} can sign in again.`,
      );
    });
  const label = isActive ? "Disable" : "Enable";
  return (
    <Button
      variant="default"
      size="xs"
      loading={isBusy}
      onClick={toggle}
      aria-label={`${label} ${name}`}
    >
      {label}
    </Button>
  );
}
