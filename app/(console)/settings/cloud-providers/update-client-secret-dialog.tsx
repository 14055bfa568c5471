"use client";

import { Button, Group, Modal, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { FormProblem } from "@/components/form-problem";
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
  const { form, submit, problem, isSaving } = useActionForm({
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
  const { errors } = form.formState;
  const days = secretExpiryDays();
  return (
    <Modal opened onClose={onClose} title={`Update Client Secret: ${name}`} size="md">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            Postkey tries the new secret at the identity platform before it replaces the old one. No
            one has to sign in again.
          </Text>
          <FormProblem problem={problem} />
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
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isSaving}>
              Save
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
