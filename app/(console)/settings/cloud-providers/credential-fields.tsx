"use client";

import { NativeSelect, PasswordInput, Stack, TextInput } from "@mantine/core";
import type { CredentialFormValue } from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";
import {
  KEY_FILE_TOO_LARGE,
  keyFileSchema,
  readKeyFile,
} from "@/lib/registrations/service-account-key/schema";
import { CertificateFields, GeneratedFields } from "./certificate-fields";
import {
  emptyCredential,
  type FieldsProps,
  type Kind,
  type Place,
  useCredential,
} from "./credential-form";
import { FORM_VARIANTS } from "./form-variants";
import { KeyFileInput } from "./key-file-input";
import { SecretExpiryField } from "./secret-expiry-field";

const KINDS: { value: Kind; label: string }[] = [
  { value: "client_secret", label: "Client secret" },
  { value: "certificate", label: "Certificate (upload)" },
  { value: "federated_token", label: "Federated token (file)" },
  { value: "managed_identity", label: "Managed identity of this machine" },
];

/** Of a provider that exists, the row menu makes one. */
const MADE_KIND: { value: Kind; label: string } = {
  value: "generated_certificate",
  label: "Certificate (created here)",
};

type SecretValue = Extract<CredentialFormValue, { kind: "client_secret" }>;

type CredentialFieldsProps = {
  name: Place;
  service: ServiceId;
  /** Where the kind is asked elsewhere, it is not asked above its fields. */
  canChooseKind?: boolean;
  /** Called with the client id that a key file names. */
  onClientId?: (clientId: string) => void;
};

/** How the application proves who it is: the kind, and the fields of that kind. */
export function CredentialFields({
  name,
  service,
  canChooseKind = FORM_VARIANTS[service].hasCredentialKinds,
  onClientId,
}: CredentialFieldsProps) {
  const { form } = useCredential(name);
  const kind = form.watch(`${name}.kind`);
  return (
    <Stack>
      {canChooseKind && <CredentialKindField name={name} />}
      <FieldsOfKind name={name} service={service} kind={kind} {...(onClientId && { onClientId })} />
    </Stack>
  );
}

type CredentialKindFieldProps = {
  name: Place;
  /** Whether the kinds include a certificate that Postkey makes. */
  canMakeOne?: boolean;
};

export function CredentialKindField({ name, canMakeOne = false }: CredentialKindFieldProps) {
  const { form } = useCredential(name);
  // Begins again. Clearing its errors is what makes the form look at it again.
  const changeKind = (chosen: Kind) => {
    form.clearErrors(name);
    form.setValue(name, emptyCredential(chosen));
  };
  return (
    <NativeSelect
      label="Credential"
      description="How the application proves who it is. Microsoft advises certificates and federated credentials over secrets."
      data={canMakeOne ? [...KINDS, MADE_KIND] : KINDS}
      value={form.watch(`${name}.kind`)}
      onChange={(event) => changeKind(event.currentTarget.value as Kind)} // one of KINDS
    />
  );
}

function FieldsOfKind({ kind, ...props }: FieldsProps & { kind: Kind }) {
  switch (kind) {
    case "client_secret":
      return <SecretFields {...props} />;
    case "certificate":
      return <CertificateFields {...props} />;
    case "federated_token":
      return <FederatedFields {...props} />;
    case "managed_identity":
      return <IdentityFields {...props} />;
    case "service_account":
      return <ServiceAccountFields {...props} />;
    case "generated_certificate":
      return <GeneratedFields {...props} />;
    default:
      throw new Error(`Unhandled kind ${kind satisfies never}`);
  }
}

function SecretFields({ name, service }: FieldsProps) {
  const { form, error } = useCredential(name);
  return (
    <>
      <PasswordInput
        label="Client Secret"
        description={FORM_VARIANTS[service].secretHint}
        autoComplete="off"
        withAsterisk
        aria-invalid={error("clientSecret") !== undefined}
        error={error("clientSecret")}
        {...form.register(`${name}.clientSecret`)}
      />
      <SecretExpiryField<Record<Place, SecretValue>>
        name={`${name}.secretExpiresOn`}
        service={service}
      />
    </>
  );
}

function FederatedFields({ name }: FieldsProps) {
  const { form, error } = useCredential(name);
  return (
    <TextInput
      label="Token file"
      description="The full path on Postkey's server, such as /var/run/secrets/azure/tokens/azure-identity-token. Postkey reads it at each use; nothing is stored, and nothing expires."
      autoComplete="off"
      spellCheck={false}
      withAsterisk
      error={error("tokenFile")}
      {...form.register(`${name}.tokenFile`)}
    />
  );
}

function IdentityFields({ name }: FieldsProps) {
  const { form, error } = useCredential(name);
  return (
    <TextInput
      label="Client id of the identity"
      description="Leave empty for the identity of the machine itself. Its token is for api://AzureADTokenExchange: add a federated credential with the identity as its subject. Nothing is stored, and nothing expires."
      autoComplete="off"
      spellCheck={false}
      error={error("identityClientId")}
      {...form.register(`${name}.identityClientId`)}
    />
  );
}

function ServiceAccountFields({ name, onClientId }: FieldsProps) {
  const { form, error } = useCredential(name);
  const field = `${name}.keyFile` as const;
  const take = (text: string) => {
    const { data } = keyFileSchema.safeParse(text);
    form.setValue(field, text, { shouldValidate: text !== "" });
    if (data !== undefined) onClientId?.(readKeyFile(data).clientId);
  };
  const refuse = () => form.setError(field, { message: KEY_FILE_TOO_LARGE });
  return (
    <KeyFileInput
      text={form.watch(field)}
      error={error("keyFile")}
      onText={take}
      onTooLarge={refuse}
    />
  );
}
