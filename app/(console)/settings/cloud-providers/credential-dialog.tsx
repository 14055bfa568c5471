"use client";

import { Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { SelectField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { lastIsoDayOf } from "@/lib/kernel/clock";
import {
  type ChangeSecretExpiry,
  changeCredentialSchema,
  changeSecretExpirySchema,
  DEFAULT_CERTIFICATE,
  generateCertificateSchema,
} from "@/lib/registrations/credentials/schema";
import type { CloudProviderRow } from "@/lib/registrations/rows/schema";
import type { ServiceId } from "@/lib/registrations/schema";
import {
  changeCredentialAction,
  changeSecretExpiryAction,
  generateCertificateAction,
} from "./actions";
import {
  CERTIFICATE_BITS,
  CERTIFICATE_MONTHS,
  CREDENTIAL_DIALOGS,
  type CredentialDialogName,
} from "./credential-choices";
import { CredentialFields } from "./credential-fields";
import { emptyCredential, enteredWords } from "./credential-form";
import { SecretExpiryField } from "./secret-expiry-field";

type CredentialDialogProps = {
  dialog: CredentialDialogName;
  provider: Pick<CloudProviderRow, "id" | "name" | "service" | "credentialKind">;
  onClose: () => void;
};

export function CredentialDialog(props: CredentialDialogProps) {
  return props.dialog === "generate" ? <Generate {...props} /> : <Change {...props} />;
}

function Change({ dialog, provider, onClose }: CredentialDialogProps) {
  const { id, name, service, credentialKind } = provider;
  const isSecret = dialog === "secret";
  const noun = isSecret ? "secret" : "credential";
  const replaced = isSecret
    ? `The client secret of ${name} was updated.`
    : `${name} uses the new credential.`;
  return (
    <FormDialog
      title={`${CREDENTIAL_DIALOGS[dialog]}: ${name}`}
      submitLabel={isSecret ? "Save" : "Prove and use"}
      schema={changeCredentialSchema}
      defaultValues={{
        cloudProviderId: id,
        credential: emptyCredential(isSecret ? "client_secret" : credentialKind),
      }}
      action={changeCredentialAction}
      done={(entered) =>
        notifySuccess(
          enteredWords({
            entered,
            service,
            noun,
            replaced: `${replaced} Everyone stays signed in.`,
          }),
        )
      }
      onClose={onClose}
    >
      <Text c="dimmed">
        Postkey tries the new {noun} at the identity platform before it replaces the old one. No one
        has to sign in again.
      </Text>
      <CredentialFields
        name="credential"
        service={service}
        canChooseKind={dialog === "change"}
        isNext={isSecret}
      />
    </FormDialog>
  );
}

function Generate({ provider: { id, name }, onClose }: CredentialDialogProps) {
  const router = useRouter();
  return (
    <FormDialog
      title={`${CREDENTIAL_DIALOGS.generate}: ${name}`}
      submitLabel="Generate certificate"
      schema={generateCertificateSchema}
      defaultValues={{ cloudProviderId: id, ...DEFAULT_CERTIFICATE }}
      action={generateCertificateAction}
      done={() => {
        notifySuccess("Certificate created. Next: upload it to the app registration.");
        router.push(routes.cloudProvider(id));
      }}
      onClose={onClose}
    >
      <Text c="dimmed">
        The private key is created on this server and never leaves it. The current credential stays
        in use until the identity platform knows the new certificate.
      </Text>
      <SelectField name="bits" label="Key" data={CERTIFICATE_BITS} />
      <SelectField name="months" label="Valid for" data={CERTIFICATE_MONTHS} />
    </FormDialog>
  );
}

export type ChangeExpiryProps = {
  cloudProviderId: string;
  service: ServiceId;
  version: number;
  expiresAt: Date;
};

export function ChangeExpiryDialog(props: ChangeExpiryProps & { onClose: () => void }) {
  const { cloudProviderId, service, version, expiresAt, onClose } = props;
  return (
    <FormDialog
      title="Change expiry"
      submitLabel="Save"
      schema={changeSecretExpirySchema}
      defaultValues={{ cloudProviderId, version, secretExpiresOn: lastIsoDayOf(expiresAt) }}
      action={changeSecretExpiryAction}
      done="Saved. Postkey reminds you before the new day."
      onClose={onClose}
    >
      <Text c="dimmed">
        The secret itself stays as it is. Nothing changes at the identity platform.
      </Text>
      <SecretExpiryField<ChangeSecretExpiry> name="secretExpiresOn" service={service} />
    </FormDialog>
  );
}
