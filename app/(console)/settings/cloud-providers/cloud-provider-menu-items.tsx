"use client";

import { Menu } from "@mantine/core";
import {
  IconCertificate,
  IconExchange,
  IconKey,
  IconLogin2,
  IconPlugConnected,
} from "@tabler/icons-react";
import { useState } from "react";
import { Can } from "@/components/can";
import { DeleteItem, EditItem } from "@/components/menu-items";
import { OpenMenu } from "@/components/open-menu";
import { neededToConnect } from "@/components/repair-needs";
import { routes } from "@/components/routes";
import { leaveFor, useAction } from "@/components/use-action";
import { isByItself } from "@/lib/registrations/registration/schema";
import type { CredentialKind } from "@/lib/registrations/schema";
import { beginAuthorizationAction } from "./actions";
import { FORM_VARIANTS } from "./form-variants";
import {
  ProviderDialog,
  type ProviderDialogName,
  type ProviderDialogProps,
} from "./provider-dialog";
import { useConnect } from "./use-connect";

export function CloudProviderMenuItems(props: ProviderDialogProps) {
  const { id, name, service, credentialKind } = props;
  const [dialog, setDialog] = useState<ProviderDialogName | null>(null);
  const { isBusy, run } = useAction();
  const { isBusy: isConnecting, connect } = useConnect({ cloudProviderId: id, grant: props.grant });
  const authenticate = () =>
    run(() => beginAuthorizationAction({ subject: "provider", cloudProviderId: id }), leaveFor);
  return (
    <>
      <OpenMenu label={`Actions for ${name}`} width={220} isBusy={isBusy || isConnecting}>
        {isByItself(props.grant) ? (
          <Can permission={neededToConnect(props.grant)}>
            <Menu.Item leftSection={<IconPlugConnected size={16} />} onClick={connect}>
              Connect
            </Menu.Item>
          </Can>
        ) : (
          <Menu.Item leftSection={<IconLogin2 size={16} />} onClick={authenticate}>
            Authenticate
          </Menu.Item>
        )}
        <Can permission="providers:write">
          <CredentialItems service={service} credentialKind={credentialKind} onChosen={setDialog} />
          <EditItem href={routes.editCloudProvider(id)} />
          <DeleteItem onClick={() => setDialog("delete")} />
        </Can>
      </OpenMenu>
      {dialog && <ProviderDialog {...props} dialog={dialog} onClose={() => setDialog(null)} />}
    </>
  );
}

/** What one kind of credential is renewed by. */
const UPDATES: Partial<Record<CredentialKind, { dialog: ProviderDialogName; label: string }>> = {
  client_secret: { dialog: "secret", label: "Update Client Secret" },
  certificate: { dialog: "certificate", label: "Update certificate" },
  service_account: { dialog: "key", label: "Update key" },
};

type CredentialItemsProps = Pick<ProviderDialogProps, "service" | "credentialKind"> & {
  onChosen: (dialog: ProviderDialogName) => void;
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
      {FORM_VARIANTS[service].hasCredentialKinds && (
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
