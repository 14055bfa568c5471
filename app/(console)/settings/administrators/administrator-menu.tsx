"use client";

import { Text } from "@mantine/core";
import { IconBan, IconCircleCheck } from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { ActButton } from "@/components/act-button";
import { act } from "@/components/acts";
import { RowMenu } from "@/components/row-menu";
import type { AdministratorRow } from "@/lib/people/administrators/schema";
import { ROLE_LABELS } from "@/lib/people/roles/schema";
import { setAdministratorActiveAction } from "./actions";

const MadeByThem = dynamic(() => import("./made-by-them").then((module) => module.MadeByThem));

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
          <Text size="sm">
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
                <Text size="sm">
                  {disabledBy} no longer gives {name} a role, so signing in with {disabledBy} stays
                  refused. {name} can sign in with a password, as {ROLE_LABELS[role]}. Without one,
                  create a password link afterwards.
                </Text>
                <Text size="sm">
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
