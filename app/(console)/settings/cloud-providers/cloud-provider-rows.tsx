"use client";

import { type BadgeState, StateBadge } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import type { CloudProviderRow } from "@/lib/registrations/rows/schema";
import { CloudProviderMenu } from "./cloud-provider-menu";

export type ShownProvider = CloudProviderRow & {
  cloudLabel: string;
  shownState: BadgeState;
  isByItself: boolean;
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
        <AccountCount id={row.id} count={row.accountCount} />
      </td>
      <td data-label="Secret expires" className={classes.fit}>
        <ExpiryText at={row.secretExpiresAt} />
      </td>
      <td className={classes.menu}>
        <CloudProviderMenu provider={row} />
      </td>
    </tr>
  );
}

function AccountCount({ id, count }: { id: string; count: number }) {
  if (count === 0) return 0;
  return <RowLink href={routes.accountsOfProvider(id)}>{count.toLocaleString("en")}</RowLink>;
}

function SignedIn({ usernames, count }: { usernames: string[]; count: number }) {
  const [first] = usernames;
  if (!first) return <span className={classes.dimmed}>No one yet</span>;
  const others = count - 1;
  return (
    <span title={usernames.join(", ")}>
      {first}
      {others > 0 && ` and ${others} more`}
    </span>
  );
}
