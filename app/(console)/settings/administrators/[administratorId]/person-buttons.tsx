"use client";

import { Paper, Text } from "@mantine/core";
import { ActButton, act } from "@/components/acts";
import { CopyField } from "@/components/copy-field";
import { notifySuccess } from "@/components/notify";
import { showOnce } from "@/components/shown-once";
import { ShownOnceDialog } from "@/components/shown-once-dialog";
import { AT_END, PlainForm, useActionForm } from "@/components/use-action-form";
import { setRoleSchema } from "@/lib/people/administrators/schema";
import { ROLE_LABELS, type Role } from "@/lib/people/roles/schema";
import {
  createPasswordLinkAction,
  mailPasswordLinkAction,
  setAdministratorRoleAction,
} from "../actions";
import { MailLink } from "../mail-link";
import { RoleField } from "../roles";

type Person = { id: string; name: string };

type PasswordLinkButtonProps = Person & {
  email: string;
  canMail: boolean;
  isAskedForFactor: boolean;
};

export function PasswordLinkButton({ id, ...person }: PasswordLinkButtonProps) {
  return (
    <ActButton
      size="xs"
      label="Create a password link"
      needs="administrators:write"
      run={act(
        () => createPasswordLinkAction({ administratorId: id }),
        ({ link }) => showOnce(<PasswordLink link={link} {...person} />),
      )}
    />
  );
}

type PasswordLinkProps = Omit<PasswordLinkButtonProps, "id"> & { link: string };

function PasswordLink({ link, name, email, canMail, isAskedForFactor }: PasswordLinkProps) {
  return (
    <ShownOnceDialog title="One-time link">
      <Text>
        Give this link to {name}. It works once, within a day, and is not shown again. Anyone who
        opens it can choose the password
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
    </ShownOnceDialog>
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
