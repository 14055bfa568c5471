"use client";

import { Button, Group, Switch, Text } from "@mantine/core";
import { useTransition } from "react";
import { type Act, ActButton, act, deleting, useActs } from "@/components/acts";
import { Badge } from "@/components/badge";
import { goToCompany } from "@/components/go-to-company";
import { LinkButton } from "@/components/links";
import { routes } from "@/components/routes";
import { counted } from "@/lib/kernel/text/schema";
import type { CompanySignInRow } from "@/lib/people/company/queries";
import {
  deleteCompanySignInAction,
  setCompanyOnlyAction,
  switchCompanySignInAction,
} from "./actions";

type CompanyButtonsProps = {
  company: Pick<CompanySignInRow, "id" | "slug" | "name" | "enabled" | "testedAt" | "people">;
};

export function CompanyButtons({ company }: CompanyButtonsProps) {
  const { id, name, enabled, testedAt, people } = company;
  const { icon: _icon, ...deletion } = deleting({
    name,
    text: `${peopleText(people)} in with it. Their sessions end, and those without a password need a password link to sign in again.`,
    action: () => deleteCompanySignInAction({ id }),
    list: "/settings/sign-in",
  });
  return (
    <Group gap="xs">
      <TestButton {...company} />
      {enabled && (
        <ActButton
          label="Switch off"
          isDangerous
          confirm={{
            title: `Switch off ${name}?`,
            text: (
              <>
                <Text>
                  No one can sign in with it until it is on again. Sessions that began there end,
                  except your own.
                </Text>
                {people > 0 && (
                  <Text>
                    {peopleText(people)} in with it. Those without a password are locked out until
                    then.
                  </Text>
                )}
              </>
            ),
          }}
          run={act(() => switchCompanySignInAction({ id, enabled: false }), `${name} is off.`)}
        />
      )}
      {!enabled && testedAt && (
        <ActButton
          variant="filled"
          label="Switch on"
          run={act(
            () => switchCompanySignInAction({ id, enabled: true }),
            `${name} is on: its button is on the sign-in page.`,
          )}
        />
      )}
      <LinkButton variant="default" href={routes.editCompanySignIn(id)}>
        Edit
      </LinkButton>
      <ActButton {...deletion} />
    </Group>
  );
}

function TestButton({ slug, testedAt }: CompanyButtonsProps["company"]) {
  const [isBusy, start] = useTransition();
  return (
    <Button
      variant={testedAt ? "default" : "filled"}
      loading={isBusy}
      onClick={() => start(() => goToCompany(slug, { purpose: "test" }))}
    >
      Test sign-in
    </Button>
  );
}

function peopleText(people: number): string {
  return people === 1 ? "1 person signs" : `${people.toLocaleString("en")} people sign`;
}

type PasswordOnly = { count: number; names: readonly string[] };
type CompanyOnlySwitchProps = {
  only: boolean;
  localAdministrators: number;
  passwordOnly: PasswordOnly;
  hasActive: boolean;
};

export function CompanyOnlySwitch(props: CompanyOnlySwitchProps) {
  const { only, localAdministrators, passwordOnly, hasActive } = props;
  const { isBusy, press, dialog } = useActs();
  const isImpossible = !only && (!hasActive || localAdministrators === 0);
  const switching: Act = {
    label: "Require it",
    confirm: only
      ? undefined
      : {
          title: "Require company sign-in?",
          // If it locks people out, Cancel has the focus.
          isDangerous: passwordOnly.count > 0,
          text: (
            <>
              <Text>
                Passwords and passkeys are refused. {EMERGENCY} Open sessions stay valid until they
                end.
              </Text>
              <LockedOut {...passwordOnly} />
            </>
          ),
        },
    run: act(
      () => setCompanyOnlyAction({ only: !only }),
      only
        ? "Passwords and passkeys work again."
        : "From now on people sign in at your company only.",
    ),
  };
  return (
    <>
      <Switch
        label="Company sign-in only"
        description={description(props)}
        checked={only}
        disabled={isBusy || isImpossible}
        onChange={() => press(switching)}
      />
      {dialog}
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

type CompanyStateProps = Pick<CompanySignInRow, "enabled" | "testedAt" | "hasFailed">;

export function CompanyState({ enabled, testedAt, hasFailed }: CompanyStateProps) {
  if (enabled) return <Badge tint="teal">On</Badge>;
  if (!testedAt && hasFailed) return <Badge tint="red">Test failed</Badge>;
  return <Badge tint={testedAt ? "gray" : "yellow"}>{testedAt ? "Off" : "Not tested"}</Badge>;
}
