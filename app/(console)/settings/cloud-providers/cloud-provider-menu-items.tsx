"use client";

import { Menu } from "@mantine/core";
import {
  IconCertificate,
  IconExchange,
  IconKey,
  IconLogin2,
  IconPlugConnected,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { DeleteItem, EditItem } from "@/components/menu-items";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
import { leaveFor, useAction } from "@/components/use-action";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CredentialKind, Grant, ServiceId } from "@/lib/registrations/schema";
import { beginAuthorizationAction } from "./actions";
import { useConnect } from "./use-connect";

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

type CloudProviderMenuItemsProps = {
  id: string;
  name: string;
  service: ServiceId;
  credentialKind: CredentialKind;
  grant: Grant;
};
type Dialog = "secret" | "certificate" | "key" | "change" | "generate" | "delete";

export function CloudProviderMenuItems(props: CloudProviderMenuItemsProps) {
  const { id, name, service, credentialKind } = props;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const { isBusy, run } = useAction();
  const { isBusy: isConnecting, connect } = useConnect({ cloudProviderId: id, grant: props.grant });
  const authenticate = () =>
    run(() => beginAuthorizationAction({ subject: "provider", cloudProviderId: id }), leaveFor);
  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={220} isBusy={isBusy || isConnecting}>
        {isByItself(props.grant) ? (
          <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={connect}>
            Connect
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={authenticate}>
            Authenticate
          </Menu.Item>
        )}
        <CredentialItems service={service} credentialKind={credentialKind} onChosen={setDialog} />
        <EditItem href={routes.editCloudProvider(id)} />
        <DeleteItem onClick={() => setDialog("delete")} />
      </OpenMenu>
      {dialog && <OpenDialog {...props} dialog={dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

/** What one kind of credential is renewed by. */
const UPDATES: Partial<Record<CredentialKind, { dialog: Dialog; label: string }>> = {
  client_secret: { dialog: "secret", label: "Update Client Secret" },
  certificate: { dialog: "certificate", label: "Update certificate" },
  service_account: { dialog: "key", label: "Update key" },
};

type CredentialItemsProps = Pick<CloudProviderMenuItemsProps, "service" | "credentialKind"> & {
  onChosen: (dialog: Dialog) => void;
};

function CredentialItems({ service, credentialKind, onChosen }: CredentialItemsProps) {
  const update = UPDATES[credentialKind];
  return (
    <>
      {update && (
        <Menu.Item leftSection={<IconKey size={16} />} onClick={() => onChosen(update.dialog)}>
          {update.label}
        </Menu.Item>
      )}
      {service === "microsoft_azure" && (
        <>
          <Menu.Item
            leftSection={<IconCertificate size={16} />}
            onClick={() => onChosen("generate")}
          >
            Generate certificate
          </Menu.Item>
          <Menu.Item leftSection={<IconExchange size={16} />} onClick={() => onChosen("change")}>
            Change credential
          </Menu.Item>
        </>
      )}
    </>
  );
}

type OpenDialogProps = CloudProviderMenuItemsProps & { dialog: Dialog; onClose: () => void };

function OpenDialog({ dialog, ...props }: OpenDialogProps) {
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
