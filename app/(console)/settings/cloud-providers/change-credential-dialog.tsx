"use client";

import { Text } from "@mantine/core";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { useActionForm } from "@/components/use-action-form";
import { changeCredentialSchema } from "@/lib/registrations/credentials/schema";
import type { CredentialKind, ServiceId } from "@/lib/registrations/schema";
import { changeCredentialAction } from "./actions";
import { CredentialFields } from "./credential-fields";
import { emptyCredential } from "./credential-form";
import { enteredWords } from "./entered-words";

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
  const actionForm = useActionForm({
    schema: changeCredentialSchema,
    defaultValues: { cloudProviderId: id, credential: emptyCredential(credentialKind) },
    action: changeCredentialAction,
    onSuccess: (entered) => {
      const replaced = `${name} uses the new credential. Everyone stays signed in.`;
      notifySuccess(enteredWords({ entered, service, noun: "credential", replaced }));
      onClose();
    },
  });
  return (
    <FormDialog
      title={`${title}: ${name}`}
      submitLabel="Prove and use"
      actionForm={actionForm}
      onClose={onClose}
    >
      <Text size="sm" c="dimmed">
        Postkey tries the new credential at the identity platform before it replaces the old one. No
        one has to sign in again.
      </Text>
      <CredentialFields name="credential" service={service} canChooseKind={canChooseKind} />
    </FormDialog>
  );
}
