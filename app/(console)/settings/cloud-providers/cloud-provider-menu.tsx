"use client";

import {
  IconCertificate,
  IconExchange,
  IconKey,
  IconPlugConnected,
  IconTrash,
} from "@tabler/icons-react";
import dynamic from "next/dynamic";
import { useState } from "react";
import { type Act, editing } from "@/components/acts";
import { useCan } from "@/components/can";
import { neededToConnect } from "@/components/repair-needs";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { useWish } from "@/components/use-wish";
import type { CloudProviderRow } from "@/lib/registrations/rows/schema";
import { connecting } from "./connect";
import {
  CREDENTIAL_DIALOGS,
  type CredentialDialogName,
  HAS_CREDENTIAL_KINDS,
  RENEWED_BY,
} from "./credential-choices";
import { signingIn } from "./signing-in";

const CredentialDialog = dynamic(() =>
  import("./provider-dialogs").then((m) => m.CredentialDialog),
);
const DeleteCloudProviderDialog = dynamic(() =>
  import("./provider-dialogs").then((m) => m.DeleteCloudProviderDialog),
);

type ProviderProps = {
  provider: Pick<CloudProviderRow, "id" | "name" | "service" | "credentialKind" | "grant"> & {
    isByItself: boolean;
  };
};

export function CloudProviderMenu({ provider }: ProviderProps) {
  const { id, name, service, grant } = provider;
  const renewedBy = RENEWED_BY[provider.credentialKind];
  const hasKinds = HAS_CREDENTIAL_KINDS[service];
  const opening = (dialog: CredentialDialogName, icon: Act["icon"] = IconKey): Act => ({
    label: CREDENTIAL_DIALOGS[dialog],
    icon,
    needs: "providers:write",
    dialog: (close) => <CredentialDialog dialog={dialog} provider={provider} onClose={close} />,
  });
  return (
    <RowMenu
      label={`Actions for ${name}`}
      needs="authorizations:write"
      items={[
        provider.isByItself
          ? {
              label: "Connect",
              icon: IconPlugConnected,
              needs: neededToConnect(grant),
              run: connecting({ cloudProviderId: id, grant }),
            }
          : { label: "Authenticate", ...signingIn({ subject: "provider", cloudProviderId: id }) },
        renewedBy && opening(renewedBy),
        hasKinds && opening("generate", IconCertificate),
        hasKinds && opening("change", IconExchange),
        { ...editing(routes.editCloudProvider(id)), needs: "providers:write" },
        {
          label: "Delete",
          icon: IconTrash,
          isDangerous: true,
          needs: "providers:write",
          dialog: (close) => (
            <DeleteCloudProviderDialog id={id} name={name} service={service} onClose={close} />
          ),
        },
      ]}
    />
  );
}

export function OpenedDialog({ provider }: ProviderProps) {
  const [dialog, setDialog] = useState<string | null>(null);
  const can = useCan();
  useWish("open", (wish) => can("providers:write") && setDialog(wish));
  if (dialog === null || !isDialog(dialog)) return null;
  return <CredentialDialog dialog={dialog} provider={provider} onClose={() => setDialog(null)} />;
}

function isDialog(name: string): name is CredentialDialogName {
  return Object.hasOwn(CREDENTIAL_DIALOGS, name);
}
