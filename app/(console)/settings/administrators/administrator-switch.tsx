"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { setAdministratorActiveAction } from "./actions";

const DisableDialog = dynamic(() =>
  import("./disable-dialog").then((module) => module.DisableDialog),
);

type AdministratorSwitchProps = { id: string; name: string; isActive: boolean };

export function AdministratorSwitch({ id, name, isActive }: AdministratorSwitchProps) {
  const [isAsked, setAsked] = useState(false);
  const { isBusy, run } = useAction();
  const enable = () =>
    run(
      () => setAdministratorActiveAction({ id, active: true }),
      () => notifySuccess(`${name} can sign in again.`),
    );
  const label = isActive ? "Disable" : "Enable";
  return (
    <Can permission="administrators:write">
      <Button
        variant="default"
        size="xs"
        loading={isBusy}
        onClick={isActive ? () => setAsked(true) : enable}
        aria-label={`${label} ${name}`}
      >
        {label}
      </Button>
      {isAsked && <DisableDialog id={id} name={name} onClose={() => setAsked(false)} />}
    </Can>
  );
}
