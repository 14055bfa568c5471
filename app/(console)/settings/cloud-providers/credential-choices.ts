import type { CredentialKind } from "@/lib/registrations/rows/schema";
import type { ServiceId } from "@/lib/registrations/schema";

export const CREDENTIAL_DIALOGS = {
  secret: "Update Client Secret",
  certificate: "Update certificate",
  key: "Update key",
  generate: "Generate certificate",
  change: "Change credential",
} as const;
export type CredentialDialogName = keyof typeof CREDENTIAL_DIALOGS;

export const RENEWED_BY: Partial<Record<CredentialKind, CredentialDialogName>> = {
  client_secret: "secret",
  certificate: "certificate",
  service_account: "key",
};

/** Elsewhere the grant decides the kind. */
export const HAS_CREDENTIAL_KINDS: Readonly<Record<ServiceId, boolean>> = {
  microsoft_azure: true,
  google: false,
};

export const CERTIFICATE_BITS = [
  { value: "3072", label: "RSA, 3072 bits" },
  { value: "2048", label: "RSA, 2048 bits" },
];

export const CERTIFICATE_MONTHS = [
  { value: "12", label: "1 year" },
  { value: "24", label: "2 years" },
];
