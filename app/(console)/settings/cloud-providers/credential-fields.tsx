import { FileInput, Group, NativeSelect, Stack, Text, Textarea } from "@mantine/core";
import { type ComponentType, useState } from "react";
import { PasswordField, SelectField, TextField } from "@/components/fields";
import {
  CERTIFICATE_FILE_MAX,
  type CredentialFormValue,
  FILE_TOO_LARGE,
} from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";
import {
  KEY_FILE_MAX,
  KEY_FILE_TOO_LARGE,
  keyFileSchema,
  readKeyFile,
} from "@/lib/registrations/service-account-key/schema";
import { CERTIFICATE_BITS, CERTIFICATE_MONTHS, HAS_CREDENTIAL_KINDS } from "./credential-choices";
import {
  emptyCredential,
  type Kind,
  type Place,
  SecretExpiryField,
  useCredential,
} from "./credential-form";
import { FORM_VARIANTS } from "./form-variants";

type FieldsProps = {
  name: Place;
  service: ServiceId;
  onClientId?: (clientId: string) => void;
  isNext?: boolean;
};

const KINDS: Readonly<Record<Kind, { label: string; Fields: ComponentType<FieldsProps> }>> = {
  client_secret: { label: "Client secret", Fields: SecretFields },
  certificate: { label: "Certificate (upload)", Fields: CertificateFields },
  federated_token: { label: "Federated token (file)", Fields: FederatedFields },
  managed_identity: { label: "Managed identity of this machine", Fields: IdentityFields },
  generated_certificate: { label: "Certificate (created here)", Fields: GeneratedFields },
  service_account: { label: "Key of a service account", Fields: ServiceAccountFields },
};
const CHOICES = ["client_secret", "certificate", "federated_token", "managed_identity"] as const;

export function CredentialFields(props: FieldsProps & { canChooseKind?: boolean }) {
  const { canChooseKind = HAS_CREDENTIAL_KINDS[props.service], ...fields } = props;
  const kind = useCredential(props.name).form.watch(`${props.name}.kind`);
  const { Fields } = KINDS[kind];
  return (
    <Stack>
      {canChooseKind && <CredentialKindField name={props.name} />}
      <Fields {...fields} />
    </Stack>
  );
}

type CredentialKindFieldProps = {
  name: Place;
  /** Later, the row menu makes one. */
  canMakeOne?: boolean;
};

export function CredentialKindField({ name, canMakeOne = false }: CredentialKindFieldProps) {
  const { form } = useCredential(name);
  const kinds = canMakeOne ? [...CHOICES, "generated_certificate" as const] : CHOICES;
  const choose = (value: string) => {
    const chosen = kinds.find((kind) => kind === value);
    if (!chosen) return;
    // Clearing its errors makes the form validate it again.
    form.clearErrors(name);
    form.setValue(name, emptyCredential(chosen));
  };
  return (
    <NativeSelect
      label="Credential"
      description="How the application proves who it is. Microsoft advises certificates and federated credentials over secrets."
      data={kinds.map((value) => ({ value, label: KINDS[value].label }))}
      value={form.watch(`${name}.kind`)}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}

function SecretFields({ name, service, isNext = false }: FieldsProps) {
  return (
    <>
      <PasswordField
        name={`${name}.clientSecret`}
        label={isNext ? "New client secret" : "Client Secret"}
        description={isNext ? "The secret's Value, not its ID." : FORM_VARIANTS[service].secretHint}
        data-autofocus={isNext || undefined}
        withAsterisk
      />
      <SecretExpiryField<Record<Place, Extract<CredentialFormValue, { kind: "client_secret" }>>>
        name={`${name}.secretExpiresOn`}
        service={service}
      />
    </>
  );
}

function CertificateFields({ name }: FieldsProps) {
  const { form, error } = useCredential(name);
  const take = async (file: File | null) => {
    form.clearErrors(`${name}.file`);
    form.setValue(`${name}.file`, file ? await base64Of(file) : "");
  };
  return (
    <>
      <KeyFileInput
        label="Certificate with its private key"
        description="PFX or P12, or a PEM file that has both. The key never leaves this server."
        accept=".pfx,.p12,.pem"
        max={CERTIFICATE_FILE_MAX}
        error={error("file")}
        onFile={take}
        onTooLarge={() => form.setError(`${name}.file`, { message: FILE_TOO_LARGE })}
      />
      <PasswordField
        name={`${name}.password`}
        label="Password of the file"
        description="Leave empty if the file has none."
      />
    </>
  );
}

function GeneratedFields({ name }: FieldsProps) {
  return (
    <>
      <Group grow align="flex-start">
        <SelectField name={`${name}.bits`} label="Key" data={CERTIFICATE_BITS} />
        <SelectField name={`${name}.months`} label="Valid for" data={CERTIFICATE_MONTHS} />
      </Group>
      <Text c="dimmed">
        The private key is created on this server and never leaves it. On the next page, download
        the certificate, register it, and prove it.
      </Text>
    </>
  );
}

function FederatedFields({ name }: FieldsProps) {
  return (
    <TextField
      name={`${name}.tokenFile`}
      label="Token file"
      description="The full path on Postkey's server, such as /var/run/secrets/azure/tokens/azure-identity-token. Postkey reads it at each use; nothing is stored, and nothing expires."
      spellCheck={false}
      withAsterisk
    />
  );
}

function IdentityFields({ name }: FieldsProps) {
  return (
    <TextField
      name={`${name}.identityClientId`}
      label="Client id of the identity"
      description="Leave empty for the identity of the machine itself. Its token is for api://AzureADTokenExchange: add a federated credential with the identity as its subject. Nothing is stored, and nothing expires."
      spellCheck={false}
    />
  );
}

function ServiceAccountFields({ name, onClientId }: FieldsProps) {
  const { form, error } = useCredential(name);
  const [isChosen, setChosen] = useState(false);
  const field = `${name}.keyFile` as const;
  const take = (text: string) => {
    const { data } = keyFileSchema.safeParse(text);
    form.setValue(field, text, { shouldValidate: text !== "" });
    if (data !== undefined) onClientId?.(readKeyFile(data).clientId);
  };
  return (
    <>
      <KeyFileInput
        label="Key file of the service account"
        description="The JSON file that Google gave you when you created the key. It is stored encrypted and never shown again."
        accept=".json,application/json"
        max={KEY_FILE_MAX}
        error={error("keyFile")}
        onChosen={setChosen}
        onFile={async (file) => take(file ? await file.text() : "")}
        onTooLarge={() => form.setError(field, { message: KEY_FILE_TOO_LARGE })}
      />
      {!isChosen && (
        <Textarea
          label="Or paste its contents"
          placeholder={'{ "type": "service_account", … }'}
          rows={3}
          autoComplete="off"
          spellCheck={false}
          value={form.watch(field)}
          onChange={(event) => take(event.currentTarget.value)}
        />
      )}
    </>
  );
}

type KeyFileInputProps = {
  label: string;
  description: string;
  accept: string;
  max: number;
  error: string | undefined;
  onChosen?: (isChosen: boolean) => void;
  onFile: (file: File | null) => Promise<void>;
  onTooLarge: () => void;
};

function KeyFileInput({ max, onChosen, onFile, onTooLarge, ...input }: KeyFileInputProps) {
  const [chosen, setChosen] = useState<File | null>(null);
  const choose = async (file: File | null) => {
    setChosen(file);
    onChosen?.(file !== null);
    const isTooLarge = (file?.size ?? 0) > max;
    await onFile(isTooLarge ? null : file);
    if (isTooLarge) onTooLarge();
  };
  return (
    <FileInput
      {...input}
      placeholder="Choose a file"
      withAsterisk
      clearable
      clearButtonProps={{ "aria-label": "Remove the file" }}
      value={chosen}
      onChange={choose}
    />
  );
}

async function base64Of(file: File): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
