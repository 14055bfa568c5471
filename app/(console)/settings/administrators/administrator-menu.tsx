"use client";

import { Paper, Skeleton, Text } from "@mantine/core";
import { IconBan, IconCircleCheck } from "@tabler/icons-react";
import { ActButton, act } from "@/components/acts";
import { CopyField } from "@/components/copy-field";
import { notifySuccess } from "@/components/notify";
import { RowMenu } from "@/components/row-menu";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { useAnswer } from "@/components/use-action";
import { AT_END, PlainForm, useActionForm } from "@/components/use-action-form";
import { counted, listed } from "@/lib/kernel/text/schema";
import { type AdministratorRow, setRoleSchema } from "@/lib/people/administrators/schema";
import type { MadeBy } from "@/lib/people/makers/queries";
import { ROLE_LABELS, type Role } from "@/lib/people/roles/schema";
import {
  createPasswordLinkAction,
  findMadeByAction,
  mailPasswordLinkAction,
  setAdministratorActiveAction,
  setAdministratorRoleAction,
} from "./actions";
import { MailLink } from "./invitations";
import { RoleField } from "./roles";

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
    ...(keys.count > 0
      ? [`${counted(keys.count, "API key")}: ${listed(keys.names, keys.count)}`]
      : []),
    ...(devices.count > 0
      ? [`${counted(devices.count, "device")}: ${listed(devices.names, devices.count)}`]
      : []),
  ];
  if (parts.length === 0) return "They created no API keys or devices that work now.";
  return `What they created keeps working until you revoke it. ${parts.join(". ")}.`;
}

type PasswordLinkButtonProps = {
  id: string;
  name: string;
  email: string;
  canMail: boolean;
  isAskedForFactor: boolean;
};

export function PasswordLinkButton(person: PasswordLinkButtonProps) {
  const { id, name, email, canMail, isAskedForFactor } = person;
  return (
    <ActButton
      size="xs"
      label="Create a password link"
      needs="administrators:write"
      run={act(
        () => createPasswordLinkAction({ administratorId: id }),
        ({ link }) =>
          showOnce(
            <ShownOnceDialog title="One-time link">
              <Text>
                Give this link to {name}. It works once, within a day, and is not shown again.
                Anyone who opens it can choose the password
                {isAskedForFactor
                  ? "; to sign in, they also need the second factor of "
                  : " and sign in as "}
                {name}. Until then the old password keeps working.
              </Text>
              <CopyField label="Link" value={link} />
              <MailLink
                canMail={canMail}
                link={link}
                to={email}
                action={({ token }) => mailPasswordLinkAction({ token })}
              />
            </ShownOnceDialog>,
          ),
      )}
    />
  );
}

export function RoleForm({ id, name, role }: { id: string; name: string; role: Role }) {
  const actionForm = useActionForm({
    schema: setRoleSchema,
    defaultValues: { id, role },
    action: setAdministratorRoleAction,
    onSuccess: (): void => {
      const { role: given } = actionForm.form.getValues();
      notifySuccess(`${name} is now ${ROLE_LABELS[given]}.`);
    },
  });
  return (
    <Paper withBorder p="lg" radius="md">
      <PlainForm
        actionForm={actionForm}
        submitLabel="Save role"
        look={{ ...AT_END, variant: "default" }}
      >
        <RoleField />
      </PlainForm>
    </Paper>
  );
}
