import { Alert, Checkbox, List, ListItem, Loader, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useContext, useState } from "react";
import { CloseDialog } from "@/components/close-dialog";
import { ConfirmDialog } from "@/components/confirm-dialog";
import { SelectField } from "@/components/fields";
import { FormDialog } from "@/components/form-dialog";
import { notifySuccess } from "@/components/notify";
import { routes } from "@/components/routes";
import { useAnswer } from "@/components/use-action";
import { lastIsoDayOf } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import {
  type ChangeSecretExpiry,
  changeCredentialSchema,
  changeSecretExpirySchema,
  DEFAULT_CERTIFICATE,
  generateCertificateSchema,
} from "@/lib/registrations/credentials/schema";
import type { CloudProviderRow } from "@/lib/registrations/rows/schema";
import type { ProviderUse, ServiceId } from "@/lib/registrations/schema";
import {
  changeCredentialAction,
  changeSecretExpiryAction,
  deleteCloudProviderAction,
  generateCertificateAction,
  getProviderUseAction,
} from "./actions";
import {
  CERTIFICATE_BITS,
  CERTIFICATE_MONTHS,
  CREDENTIAL_DIALOGS,
  type CredentialDialogName,
} from "./credential-choices";
import { CredentialFields } from "./credential-fields";
import { emptyCredential, enteredWords, SecretExpiryField } from "./credential-form";

type CredentialDialogProps = {
  dialog: CredentialDialogName;
  provider: Pick<CloudProviderRow, "id" | "name" | "service" | "credentialKind">;
};

export function CredentialDialog(props: CredentialDialogProps) {
  return props.dialog === "generate" ? <Generate {...props} /> : <Change {...props} />;
}

function Change({ dialog, provider }: CredentialDialogProps) {
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

function Generate({ provider: { id, name } }: CredentialDialogProps) {
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

export function ChangeExpiryDialog(props: ChangeExpiryProps) {
  const { cloudProviderId, service, version, expiresAt } = props;
  return (
    <FormDialog
      title="Change expiry"
      submitLabel="Save"
      schema={changeSecretExpirySchema}
      defaultValues={{ cloudProviderId, version, secretExpiresOn: lastIsoDayOf(expiresAt) }}
      action={changeSecretExpiryAction}
      done="Saved. Postkey reminds you before the new day."
    >
      <Text c="dimmed">
        The secret itself stays as it is. Nothing changes at the identity platform.
      </Text>
      <SecretExpiryField<ChangeSecretExpiry> name="secretExpiresOn" service={service} />
    </FormDialog>
  );
}

export function DeleteCloudProviderDialog(props: { id: string; name: string; service: ServiceId }) {
  const { id, name, service } = props;
  const router = useRouter();
  const close = useContext(CloseDialog);
  const { data: use, problem } = useAnswer(() => getProviderUseAction({ cloudProviderId: id }));
  const [isAccepted, setAccepted] = useState(false);
  const acceptedAccounts = use?.accountCount ?? 0;
  const needsYes = acceptedAccounts > 0;
  return (
    <ConfirmDialog
      title={`Delete ${name}?`}
      confirmLabel="Delete"
      isDangerous
      isDisabled={use === undefined || (needsYes && !isAccepted)}
      problem={problem}
      action={() => deleteCloudProviderAction({ id, acceptedAccounts })}
      onSuccess={() => {
        notifySuccess(`${name} was deleted.`);
        close();
        router.push("/settings/cloud-providers");
      }}
    >
      <Text>
        The credentials and every sign-in of this provider are erased in Postkey. Nothing is changed
        at {PLATFORMS[service].brand}.
      </Text>
      {use === undefined ? <Loader size="sm" /> : needsYes && <WhatStops use={use} />}
      {needsYes && (
        <Checkbox
          label="I understand that these accounts stop sending and receiving"
          checked={isAccepted}
          onChange={(event) => setAccepted(event.currentTarget.checked)}
        />
      )}
    </ConfirmDialog>
  );
}

function WhatStops({ use }: { use: ProviderUse }) {
  const more = use.accountCount - use.accounts.length;
  const title = `${counted(use.accountCount, "email account stops", "email accounts stop")} working`;
  return (
    <Alert color="red" title={title}>
      <List size="sm">
        {use.accounts.map(({ id, name }) => (
          <ListItem key={id}>{name}</ListItem>
        ))}
        {more > 0 && <ListItem>and {more} more</ListItem>}
      </List>
    </Alert>
  );
}
