"use client";

import { PasswordInput, Text } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { secretEnd } from "@/lib/registrations/credentials/schema";
import {
  type ServiceId,
  type UpdateClientSecret,
  updateClientSecretSchema,
} from "@/lib/registrations/schema";
import { updateClientSecretAction } from "./actions";
import { enteredWords } from "./entered-words";
import { SecretExpiryField } from "./secret-expiry-field";

type UpdateClientSecretDialogProps = {
  id: string;
  name: string;
  service: ServiceId;
  onClose: () => void;
};

export function UpdateClientSecretDialog(props: UpdateClientSecretDialogProps) {
  const { id, name, service, onClose } = props;
  const actionForm = useActionForm({
    schema: updateClientSecretSchema,
    defaultValues: {
      cloudProviderId: id,
      clientSecret: "",
      secretExpiresOn: secretEnd(),
    },
    action: updateClientSecretAction,
    onSuccess: (entered) => {
      const replaced = `The client secret of ${name} was updated. Everyone stays signed in.`;
      notifySuccess(enteredWords({ entered, service, noun: "secret", replaced }));
      onClose();
    },
  });
  const { form } = actionForm;
  const { errors } = form.formState;
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
        withAsterisk
        aria-invalid={errors.clientSecret?.message !== undefined}
        error={errors.clientSecret?.message}
        {...form.register("clientSecret")}
      />
      <SecretExpiryField<UpdateClientSecret> name="secretExpiresOn" service={service} />
    </FormDialog>
  );
}
