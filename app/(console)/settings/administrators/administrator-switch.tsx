"use client";

import { Button } from "@mantine/core";
import dynamic from "next/dynamic";
import { useState } from "react";
import { Can } from "@/components/can";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import type { AdministratorRow } from "@/lib/access/administrators/schema";
import { setAdministratorActiveAction } from "./actions";

const EnableDialog = dynamic(() => import("./enable-dialog").then((module) => module.EnableDialog));
const DisableDialog = dynamic(() =>
  import("./disable-dialog").then((module) => module.DisableDialog),
);

type AdministratorSwitchProps = {
  person: Pick<AdministratorRow, "id" | "name" | "role" | "disabledAt" | "disabledBy">;
};

export function AdministratorSwitch({ person }: AdministratorSwitchProps) {
  const { id, name, role, disabledBy } = person;
  const isActive = person.disabledAt === null;
  // Once it is done, the other one is not to be asked in its place.
  const [asked, setAsked] = useState<"enable" | "disable" | null>(null);
  const { isBusy, run } = useAction();
  const enable = () =>
    run(
      () => setAdministratorActiveAction({ id, active: true }),
      () => notifySuccess(`${name} can sign in again.`),
    );
  const close = () => setAsked(null);
  const press = () => {
    if (isActive) setAsked("disable");
    else if (disabledBy !== null) setAsked("enable");
    else enable();
  };
  const label = isActive ? "Disable" : "Enable";
  return (
    <Can permission="administrators:write">
      <Button
        variant="default"
        size="xs"
        loading={isBusy}
        onClick={press}
        aria-label={`${label} ${name}`}
      >
        {label}
      </Button>
      {asked === "disable" && <DisableDialog id={id} name={name} onClose={close} />}
      {asked === "enable" && disabledBy !== null && (
        <EnableDialog id={id} name={name} role={role} disabledBy={disabledBy} onClose={close} />
      )}
    </Can>
  );
}
