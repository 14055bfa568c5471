"use client";

import { Skeleton, Text } from "@mantine/core";
import { IconBan, IconCircleCheck } from "@tabler/icons-react";
import { ActButton, act } from "@/components/acts";
import { RowMenu } from "@/components/row-menu";
import { useAnswer } from "@/components/use-action";
import { counted } from "@/lib/kernel/text/schema";
import type { AdministratorRow } from "@/lib/people/administrators/schema";
import type { Made, MadeBy } from "@/lib/people/makers/queries";
import { ROLE_LABELS } from "@/lib/people/roles/schema";
import { findMadeByAction, setAdministratorActiveAction } from "./actions";

type SwitchedPerson = Pick<AdministratorRow, "id" | "name" | "role" | "disabledAt" | "disabledBy">;

export function AdministratorMenu({ person }: { person: SwitchedPerson }) {
  return (
    <RowMenu
      label={`Actions for ${person.name}`}
      needs="administrators:write"
      items={[switching(person)]}
    />
  );
}

export function AdministratorSwitch({ person }: { person: SwitchedPerson }) {
  const { icon: _icon, ...act } = switching(person);
  return (
    <ActButton
      size="xs"
      {...act}
      needs="administrators:write"
      aria-label={`${act.label} ${person.name}`}
    />
  );
}

function switching(person: SwitchedPerson) {
  return person.disabledAt === null ? disabling(person) : enabling(person);
}

function disabling({ id, name }: SwitchedPerson) {
  return {
    label: "Disable",
    icon: IconBan,
    confirm: {
      title: `Disable ${name}?`,
      isDangerous: true,
      text: (
        <>
          <Text>
            {name} is signed out everywhere and can no longer sign in. Their open invitations stop
            working. You can enable {name} again.
          </Text>
          <MadeByThem id={id} />
        </>
      ),
    },
    run: act(
      () => setAdministratorActiveAction({ id, active: false }),
      `${name} is disabled and signed out everywhere.`,
    ),
  };
}

function enabling({ id, name, role, disabledBy }: SwitchedPerson) {
  return {
    label: "Enable",
    icon: IconCircleCheck,
    confirm:
      disabledBy === null
        ? undefined
        : {
            title: `Enable ${name}?`,
            text: (
              <>
                <Text>
                  {disabledBy} no longer gives {name} a role, so signing in with {disabledBy} stays
                  refused. {name} can sign in with a password, as {ROLE_LABELS[role]}. Without one,
                  create a password link afterwards.
                </Text>
                <Text>
                  You decide the role from now on. If {disabledBy} gives {name} a role again,{" "}
                  {disabledBy} decides it from that sign-in on.
                </Text>
              </>
            ),
          },
    run: act(
      () => setAdministratorActiveAction({ id, active: true }),
      disabledBy === null
        ? `${name} can sign in again.`
        : `${name} is enabled and can sign in with a password.`,
    ),
  };
}

function MadeByThem({ id }: { id: string }) {
  const { data: made, problem } = useAnswer(() => findMadeByAction({ id }));
  if (problem) return <Text>Their keys and devices are not known: {problem.message}</Text>;
  if (!made) return <Skeleton height={22} />;
  return <Text style={{ overflowWrap: "anywhere" }}>{textOf(made)}</Text>;
}

function textOf({ keys, devices }: MadeBy): string {
  const parts = [
    ...(keys.count > 0 ? [`${counted(keys.count, "API key")}: ${namesOf(keys)}`] : []),
    ...(devices.count > 0 ? [`${counted(devices.count, "device")}: ${namesOf(devices)}`] : []),
  ];
  if (parts.length === 0) return "They created no API keys or devices that work now.";
  return `What they created keeps working until you revoke it. ${parts.join(". ")}.`;
}

function namesOf({ count, names }: Made): string {
  const rest = count - names.length;
  return names.join(", ") + (rest > 0 ? ` and ${rest.toLocaleString("en")} more` : "");
}
