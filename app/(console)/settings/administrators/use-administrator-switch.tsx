import dynamic from "next/dynamic";
import { useState } from "react";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import type { AdministratorRow } from "@/lib/access/administrators/schema";
import { setAdministratorActiveAction } from "./actions";

const EnableDialog = dynamic(() => import("./enable-dialog").then((module) => module.EnableDialog));
const DisableDialog = dynamic(() =>
  import("./disable-dialog").then((module) => module.DisableDialog),
);

export type SwitchedPerson = Pick<
  AdministratorRow,
  "id" | "name" | "role" | "disabledAt" | "disabledBy"
>;

/** Disables or enables a person, with the question where there is one to ask. */
export function useAdministratorSwitch(person: SwitchedPerson) {
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
  const dialog = (
    <>
      {asked === "disable" && <DisableDialog id={id} name={name} onClose={close} />}
      {asked === "enable" && disabledBy !== null && (
        <EnableDialog id={id} name={name} role={role} disabledBy={disabledBy} onClose={close} />
      )}
    </>
  );
  const label: "Enable" | "Disable" = isActive ? "Disable" : "Enable";
  return { label, isBusy, press, dialog };
}
