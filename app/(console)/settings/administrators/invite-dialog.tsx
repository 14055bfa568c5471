"use client";

import { Text, TextInput } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { useActionForm } from "@/components/use-action-form";
import { type Invite, inviteSchema } from "@/lib/access/administrators/schema";
import { inviteAdministratorAction } from "./actions";
import type { MadeInvitation } from "./invitation-link";
import { RoleField } from "./role-field";

type InviteDialogProps = {
  /** The companies whose groups decide the roles of their people. */
  deciders: readonly string[];
  onInvited: (made: MadeInvitation) => void;
  onClose: () => void;
};

const OR = { type: "disjunction" } as const;
const EMPTY: Invite = { role: "operator", email: "", name: "" };

export function InviteDialog({ deciders, onInvited, onClose }: InviteDialogProps) {
  const actionForm = useActionForm({
    schema: inviteSchema,
    defaultValues: EMPTY,
    action: inviteAdministratorAction,
    onSuccess: ({ link }): void =>
      onInvited({ link, email: actionForm.form.getValues("email") ?? "" }),
  });
  const { register, formState } = actionForm.form;
  return (
    <FormDialog
      title="Invite a person"
      submitLabel="Create link"
      actionForm={actionForm}
      onClose={onClose}
    >
      <RoleField />
      {deciders.length > 0 && (
        <Text size="sm">
          Who joins with an account of {new Intl.ListFormat("en", OR).format(deciders)} gets the
          role that their groups there give, not this one. Make sure that they are in such a group.
        </Text>
      )}
      <TextInput
        label="Email"
        description="If you enter it, the link can be used with this address only."
        type="email"
        autoComplete="off"
        error={formState.errors.email?.message}
        {...register("email")}
      />
      <TextInput
        label="Name"
        description="The person can change it."
        autoComplete="off"
        error={formState.errors.name?.message}
        {...register("name")}
      />
    </FormDialog>
  );
}
