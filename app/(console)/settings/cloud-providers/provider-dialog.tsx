"use client";

import dynamic from "next/dynamic";
import type { CredentialKind, Grant, ServiceId } from "@/lib/registrations/schema";

const UpdateClientSecretDialog = dynamic(() =>
  import("./update-client-secret-dialog").then((module) => module.UpdateClientSecretDialog),
);
const ChangeCredentialDialog = dynamic(() =>
  import("./change-credential-dialog").then((module) => module.ChangeCredentialDialog),
);
const GenerateCertificateDialog = dynamic(() =>
  import("./generate-certificate-dialog").then((module) => module.GenerateCertificateDialog),
);
const DeleteCloudProviderDialog = dynamic(() =>
  import("./delete-cloud-provider-dialog").then((module) => module.DeleteCloudProviderDialog),
);

export type ProviderDialogProps = {
  id: string;
  name: string;
  service: ServiceId;
  credentialKind: CredentialKind;
  grant: Grant;
};

export const PROVIDER_DIALOGS = [
  "secret",
  "certificate",
  "key",
  "change",
  "generate",
  "delete",
] as const;
export type ProviderDialogName = (typeof PROVIDER_DIALOGS)[number];

type Opened = ProviderDialogProps & { dialog: ProviderDialogName; onClose: () => void };

/** One of the windows that are opened over a provider: from its menu, or by an address. */
export function ProviderDialog({ dialog, ...props }: Opened) {
  switch (dialog) {
    case "secret":
      return <UpdateClientSecretDialog {...props} />;
    case "certificate":
      return <ChangeCredentialDialog {...props} title="Update certificate" />;
    case "key":
      return <ChangeCredentialDialog {...props} title="Update key" />;
    case "change":
      return <ChangeCredentialDialog {...props} title="Change credential" canChooseKind />;
    case "generate":
      return <GenerateCertificateDialog {...props} />;
    case "delete":
      return <DeleteCloudProviderDialog {...props} />;
    default:
      throw new Error(`Unhandled dialog ${dialog satisfies never}`);
  }
}
