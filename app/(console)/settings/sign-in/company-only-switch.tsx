"use client";

import { Switch, Text } from "@mantine/core";
import { useState } from "react";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { counted } from "@/lib/kernel/text/schema";
import { setCompanyOnlyAction } from "./actions";

type PasswordOnly = { count: number; names: readonly string[] };
type CompanyOnlySwitchProps = {
  only: boolean;
  localAdministrators: number;
  passwordOnly: PasswordOnly;
  hasActive: boolean;
};

export function CompanyOnlySwitch(props: CompanyOnlySwitchProps) {
  const { only, localAdministrators, passwordOnly, hasActive } = props;
  const [isAsking, setAsking] = useState(false);
  const { isBusy, run } = useAction();
  const switchOff = () =>
    run(
      () => setCompanyOnlyAction({ only: false }),
      () => notifySuccess("Passwords and passkeys work again."),
    );
  const isImpossible = !only && (!hasActive || localAdministrators === 0);
  return (
    <>
      <Switch
        label="Company sign-in only"
        description={description(props)}
        checked={only}
        disabled={isBusy || isImpossible}
        onChange={() => (only ? switchOff() : setAsking(true))}
      />
      {isAsking && (
        <ConfirmDialog
          title="Require company sign-in?"
          confirmLabel="Require it"
          // If it locks people out, Cancel has the focus.
          isDangerous={passwordOnly.count > 0}
          action={() => setCompanyOnlyAction({ only: true })}
          onSuccess={() => {
            notifySuccess("From now on people sign in at your company only.");
            setAsking(false);
          }}
          onClose={() => setAsking(false)}
        >
          <Text>
            Passwords and passkeys are refused. {EMERGENCY} Open sessions stay valid until they end.
          </Text>
          <LockedOut {...passwordOnly} />
        </ConfirmDialog>
      )}
    </>
  );
}

function LockedOut({ count, names }: PasswordOnly) {
  if (count === 0) return null;
  const more = count - names.length;
  const who = [...names, ...(more > 0 ? [`${more.toLocaleString("en")} more`] : [])];
  return (
    <Text style={{ overflowWrap: "anywhere" }}>
      {new Intl.ListFormat("en").format(who)} {count === 1 ? "has" : "have"} no company account here
      and can’t sign in any more. Have them add it in their profile first.
    </Text>
  );
}

const EMERGENCY =
  "In an emergency, administrators can still use theirs at /sign-in?local, and each use opens an incident.";

function description({ only, hasActive, localAdministrators }: CompanyOnlySwitchProps): string {
  if (!hasActive) return "Switch a company sign-in on first.";
  if (localAdministrators === 0)
    return "At least one active administrator must keep a password first.";
  const count = counted(localAdministrators, "administrator has", "administrators have");
  const refused = only
    ? "Passwords and passkeys are refused."
    : "When this is on, passwords and passkeys are refused.";
  return `${refused} ${EMERGENCY} ${count} a password.`;
}
