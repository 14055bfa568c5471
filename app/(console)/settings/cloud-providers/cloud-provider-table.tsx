import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SortHeader } from "@/components/sort-header";
import { StateBadge } from "@/components/state-badge";
import classes from "@/components/table.module.css";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import type { CloudChoice, CloudProviderRow, CloudProviderSort } from "@/lib/registrations/schema";
import { CloudProviderMenu } from "./cloud-provider-menu";

type CloudProviderTableProps = {
  rows: CloudProviderRow[];
  clouds: CloudChoice[];
  params: ListParams<CloudProviderSort>;
  path: string;
};

export function CloudProviderTable({ rows, clouds, params, path }: CloudProviderTableProps) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <SortHeader label="Name" {...sortLink(path, params, "name")} />
            <SortHeader label="Status" {...sortLink(path, params, "state")} />
            <SortHeader label="Signed in" {...sortLink(path, params, "signedIn")} />
            <SortHeader label="Accounts" {...sortLink(path, params, "accounts")} />
            <SortHeader label="Secret expires" {...sortLink(path, params, "secretExpires")} />
            <th className={classes.menu} aria-label="Actions" />
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <CloudProviderTableRow key={row.id} row={row} clouds={clouds} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function CloudProviderTableRow({ row, clouds }: { row: CloudProviderRow; clouds: CloudChoice[] }) {
  const cloud = clouds.find(({ id }) => id === row.cloud)?.label ?? row.cloud;
  return (
    <tr>
      <td>
        <div>
          <RowLink href={routes.cloudProvider(row.id)} look="name">
            {row.name}
          </RowLink>
          <span className={classes.second}>{cloud}</span>
        </div>
      </td>
      <td data-label="Status" className={classes.fit}>
        <div>
          <StateBadge state={row.state} />
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
        <CloudProviderMenu
          id={row.id}
          name={row.name}
          service={row.service}
          credentialKind={row.credentialKind}
          grant={row.grant}
        />
      </td>
    </tr>
  );
}

/** Leads to them. */
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
