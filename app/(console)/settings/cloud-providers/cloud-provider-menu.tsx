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
import { type BadgeState, StateBadge } from "@/components/badge";
import { useCan } from "@/components/can";
import { CloseDialog } from "@/components/close-dialog";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { neededToConnect } from "@/components/repair";
import { routes } from "@/components/routes";
import { RowMenu } from "@/components/row-menu";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { useWish } from "@/components/use-wish";
import { listed } from "@/lib/kernel/text/schema";
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
    dialog: <CredentialDialog dialog={dialog} provider={provider} />,
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
          dialog: <DeleteCloudProviderDialog id={id} name={name} service={service} />,
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
  return (
    <CloseDialog value={() => setDialog(null)}>
      <CredentialDialog dialog={dialog} provider={provider} />
    </CloseDialog>
  );
}

function isDialog(name: string): name is CredentialDialogName {
  return Object.hasOwn(CREDENTIAL_DIALOGS, name);
}

export type ShownProvider = CloudProviderRow & {
  cloudLabel: string;
  shownState: BadgeState;
  isByItself: boolean;
  /** The platform that says that the secret is over, though the day that was entered is still to come. */
  overAt: string | null;
};

export function CloudProviderRows({ rows }: { rows: readonly ShownProvider[] }) {
  return rows.map((row) => <Row key={row.id} row={row} />);
}

function Row({ row }: { row: ShownProvider }) {
  return (
    <tr>
      <td>
        <div>
          <RowLink href={routes.cloudProvider(row.id)} look="name">
            {row.name}
          </RowLink>
          <span className={classes.second}>{row.cloudLabel}</span>
        </div>
      </td>
      <td data-label="Status" className={classes.fit}>
        <div>
          <StateBadge state={row.shownState} />
          {row.pausedUntil && (
            <span className={classes.second}>
              asked to wait; retries <RelativeTime at={row.pausedUntil} />
            </span>
          )}
        </div>
      </td>
      <td data-label="Signed in">
        {row.grant === "app_only" && row.authorizationCount > 0 ? (
          "The application"
        ) : (
          <SignedIn usernames={row.usernames} count={row.authorizationCount} />
        )}
      </td>
      <td data-label="Accounts" className={classes.fit}>
        {row.accountCount > 0 ? (
          <RowLink href={routes.accountsOfProvider(row.id)}>
            {row.accountCount.toLocaleString("en")}
          </RowLink>
        ) : (
          0
        )}
      </td>
      <td data-label="Secret expires" className={classes.fit}>
        {row.overAt ? (
          <span className={classes.over}>Expired, {row.overAt} says</span>
        ) : (
          <ExpiryText at={row.secretExpiresAt} />
        )}
      </td>
      <td className={classes.menu}>
        <CloudProviderMenu provider={row} />
      </td>
    </tr>
  );
}

function SignedIn({ usernames, count }: { usernames: string[]; count: number }) {
  if (usernames.length === 0) return <span className={classes.dimmed}>No one yet</span>;
  return <span title={usernames.join(", ")}>{listed(usernames, count, 1)}</span>;
}
