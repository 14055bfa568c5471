"use client";

import { PasswordInput, Text, TextInput } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import {
  DEFAULT_SECRET_MONTHS,
  isoDay,
  secretExpiryDays,
} from "@/lib/registrations/credentials/schema";
import { updateClientSecretSchema } from "@/lib/registrations/schema";
import { updateClientSecretAction } from "./actions";

type UpdateClientSecretDialogProps = { id: string; name: string; onClose: () => void };

export function UpdateClientSecretDialog({ id, name, onClose }: UpdateClientSecretDialogProps) {
  const actionForm = useActionForm({
    schema: updateClientSecretSchema,
    defaultValues: {
      cloudProviderId: id,
      clientSecret: "",
      secretExpiresOn: isoDay(DEFAULT_SECRET_MONTHS),
    },
    action: updateClientSecretAction,
    onSuccess: () => {
      notifySuccess(`The client secret of ${name} was updated. Everyone stays signed in.`);
      onClose();
    },
  });
  const { form } = actionForm;
  const { errors } = form.formState;
  const days = secretExpiryDays();
  return (
    <FormDialog
      title={`Update Client Secret: ${name}`}
      submitLabel="Save"
      actionForm={actionForm}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        Postkey tries the new secret at the identity platform before it replaces the old one. No one
        has to sign in again.
      </Text>
      <PasswordInput
        label="New client secret"
        description="The secret's Value, not its ID."
        autoComplete="off"
        data-autofocus
        error={errors.clientSecret?.message}
        {...form.register("clientSecret")}
      />
      <TextInput
        type="date"
        label="Expires on"
        min={days.first}
        max={days.last}
        error={errors.secretExpiresOn?.message}
        {...form.register("secretExpiresOn")}
      />
    </FormDialog>
  );
}
