"use client";

import { TextInput } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { useActionForm } from "@/components/use-action-form";
import { inviteSchema } from "@/lib/access/administrators/schema";
import { inviteAdministratorAction } from "./actions";
import { RoleField } from "./role-field";

type InviteDialogProps = { onInvited: (link: string) => void; onClose: () => void };

export function InviteDialog({ onInvited, onClose }: InviteDialogProps) {
  const actionForm = useActionForm({
    schema: inviteSchema,
    defaultValues: { role: "operator", email: "", name: "" },
    action: inviteAdministratorAction,
    onSuccess: ({ link }) => onInvited(link),
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
      <TextInput
        label="Email"
        description="If you enter it, the link works for this address only."
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
