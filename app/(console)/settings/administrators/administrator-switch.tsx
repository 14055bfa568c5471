"use client";

import { Button } from "@mantine/core";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { setAdministratorActiveAction } from "./actions";

type AdministratorSwitchProps = { id: string; name: string; isActive: boolean };

export function AdministratorSwitch({ id, name, isActive }: AdministratorSwitchProps) {
  const { isBusy, run } = useAction();
  const done = isActive
    ? `${name} is disabled and signed out everywhere.`
    : `${name} can sign in again.`;
  const toggle = () =>
    run(
      () => setAdministratorActiveAction({ id, active: !isActive }),
      () => notifySuccess(done),
    );
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
