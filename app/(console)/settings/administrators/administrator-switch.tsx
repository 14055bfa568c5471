"use client";

import { Button } from "@mantine/core";
import { Can } from "@/components/can";
import { type SwitchedPerson, useAdministratorSwitch } from "./use-administrator-switch";

export function AdministratorSwitch({ person }: { person: SwitchedPerson }) {
  const { label, isBusy, press, dialog } = useAdministratorSwitch(person);
  return (
    <Can permission="administrators:write">
      <Button
        variant="default"
        size="xs"
        loading={isBusy}
        onClick={press}
        aria-label={`${label} ${person.name}`}
      >
        {label}
      </Button>
      {dialog}
    </Can>
  );
}
