"use client";

import { Menu } from "@mantine/core";
import {
  IconCertificate,
  IconEdit,
  IconExchange,
  IconKey,
  IconLogin2,
  IconPlugConnected,
  IconTrash,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useState, useTransition } from "react";
import { notifyProblem } from "@/components/notify";
import { OpenMenu } from "@/components/open-menu";
import { routes } from "@/components/routes";
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
  const { id, name, service, credentialKind, grant } = props;
  const [dialog, setDialog] = useState<Dialog | null>(null);
  const [isLeaving, startLeaving] = useTransition();
  const { isBusy, connect } = useConnect({ cloudProviderId: id, grant });
  const close = () => setDialog(null);

  const authenticate = () =>
    startLeaving(async () => {
      const result = await beginAuthorizationAction({ subject: "provider", cloudProviderId: id });
      if (result.ok) window.location.assign(result.data);
      else notifyProblem(result.error);
    });

  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={220} isBusy={isLeaving || isBusy}>
        {isByItself(grant) ? (
          <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={connect}>
            Connect
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={authenticate}>
            Authenticate
          </Menu.Item>
        )}
        {credentialKind === "client_secret" && (
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setDialog("secret")}>
            Update Client Secret
          </Menu.Item>
        )}
        {credentialKind === "certificate" && (
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setDialog("certificate")}>
            Update certificate
          </Menu.Item>
        )}
        {credentialKind === "service_account" && (
          <Menu.Item leftSection={<IconKey size={16} />} onClick={() => setDialog("key")}>
            Update key
          </Menu.Item>
        )}
        {service === "microsoft_azure" && (
          <>
            <Menu.Item
              leftSection={<IconCertificate size={16} />}
              onClick={() => setDialog("generate")}
            >
              Generate certificate
            </Menu.Item>
            <Menu.Item leftSection={<IconExchange size={16} />} onClick={() => setDialog("change")}>
              Change credential
            </Menu.Item>
          </>
        )}
        <Menu.Item
          leftSection={<IconEdit size={16} />}
          component={Link}
          href={routes.editCloudProvider(id)}
        >
          Edit
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          c="var(--mantine-color-error)"
          leftSection={<IconTrash size={16} />}
          onClick={() => setDialog("delete")}
        >
          Delete
        </Menu.Item>
      </OpenMenu>
      {dialog === "secret" && <UpdateClientSecretDialog id={id} name={name} onClose={close} />}
      {dialog === "certificate" && (
        <ChangeCredentialDialog {...props} title="Update certificate" onClose={close} />
      )}
      {dialog === "key" && <ChangeCredentialDialog {...props} title="Update key" onClose={close} />}
      {dialog === "change" && (
        <ChangeCredentialDialog
          {...props}
          title="Change credential"
          canChooseKind
          onClose={close}
        />
      )}
      {dialog === "generate" && <GenerateCertificateDialog id={id} name={name} onClose={close} />}
      {dialog === "delete" && <DeleteCloudProviderDialog id={id} name={name} onClose={close} />}
    </>
  );
}
