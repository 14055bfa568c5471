"use client";

import { Button, Group, Modal, Stack, Text } from "@mantine/core";
import { FormProblem } from "@/components/form-problem";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { changeCredentialSchema } from "@/lib/registrations/credentials/schema";
import type { CredentialKind, ServiceId } from "@/lib/registrations/schema";
import { changeCredentialAction } from "./actions";
import { CredentialFields } from "./credential-fields";
import { emptyCredential } from "./credential-form";

type ChangeCredentialDialogProps = {
  id: string;
  name: string;
  title: string;
  service: ServiceId;
  credentialKind: CredentialKind;
  canChooseKind?: boolean;
  onClose: () => void;
};

/** Puts a credential of any kind in use, after it was proved. */
export function ChangeCredentialDialog(props: ChangeCredentialDialogProps) {
  const { id, name, title, service, credentialKind, canChooseKind = false, onClose } = props;
  const { form, submit, problem, isSaving } = useActionForm({
    schema: changeCredentialSchema,
    defaultValues: { cloudProviderId: id, credential: emptyCredential(credentialKind) },
    action: changeCredentialAction,
    onSuccess: () => {
      notifySuccess(`${name} uses the new credential. Everyone stays signed in.`);
      onClose();
    },
  });
  return (
    <Modal opened onClose={onClose} title={`${title}: ${name}`} size="md">
      <form onSubmit={submit} noValidate>
        <Stack>
          <Text size="sm" c="dimmed">
            Postkey tries the new credential at the identity platform before it replaces the old
            one. No one has to sign in again.
          </Text>
          <FormProblem problem={problem} />
          <CredentialFields
            form={form as never}
            name="credential"
            service={service}
            canChooseKind={canChooseKind}
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Cancel
            </Button>
            <Button type="submit" loading={isSaving}>
              Prove and use
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
