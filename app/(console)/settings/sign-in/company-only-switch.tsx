"use client";

import { Switch } from "@mantine/core";
import { notifySuccess } from "@/components/notify";
import { useAction } from "@/components/use-action";
import { setCompanyOnlyAction } from "./actions";

type CompanyOnlySwitchProps = { only: boolean; localAdministrators: number; hasActive: boolean };

export function CompanyOnlySwitch({
  only,
  localAdministrators,
  hasActive,
}: CompanyOnlySwitchProps) {
  const { isBusy, run } = useAction();
  const change = () =>
    run(
      () => setCompanyOnlyAction({ only: !only }),
      () =>
        notifySuccess(
          only ? "Passwords work again." : "From now on people sign in at your company only.",
        ),
    );
  const isImpossible = !only && (!hasActive || localAdministrators === 0);
  return (
    <Switch
      label="Company sign-in only"
      description={`${why({ only, hasActive, localAdministrators })} For emergencies, the password of an administrator works at /sign-in?local even then, and each use opens an incident.`}
      checked={only}
      disabled={isBusy || isImpossible}
      onChange={change}
    />
  );
}

function why({ only, hasActive, localAdministrators }: CompanyOnlySwitchProps): string {
  if (!hasActive) return "Switch a company sign-in on first.";
  if (localAdministrators === 0)
    return "At least one active administrator must keep a password first.";
  const count =
    localAdministrators === 1
      ? "1 administrator has"
      : `${localAdministrators} administrators have`;
  return `${only ? "Passwords are refused." : "When this is on, passwords are refused."} ${count} a password.`;
}
