import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import type { CloudChoice, CloudProviderRow, CloudProviderSort } from "@/lib/registrations/schema";
import { shownProviderState } from "@/lib/registrations/shown-state";
import { CloudProviderRows, type ShownProvider } from "./cloud-provider-rows";

type CloudProviderTableProps = {
  rows: CloudProviderRow[];
  clouds: CloudChoice[];
  params: ListParams<CloudProviderSort>;
  path: string;
};

export function CloudProviderTable({ rows, clouds, params, path }: CloudProviderTableProps) {
  return (
    <Table
      head={
        <>
          <SortHeader label="Name" {...sortLink(path, params, "name")} />
          <SortHeader label="Status" {...sortLink(path, params, "state")} />
          <SortHeader label="Signed in" {...sortLink(path, params, "signedIn")} />
          <SortHeader label="Accounts" {...sortLink(path, params, "accounts")} />
          <SortHeader label="Secret expires" {...sortLink(path, params, "secretExpires")} />
          <th className={classes.menu} aria-label="Actions" />
        </>
      }
    >
      <CloudProviderRows rows={rows.map((row) => toShown(row, clouds))} />
    </Table>
  );
}

function toShown(row: CloudProviderRow, clouds: CloudChoice[]): ShownProvider {
  return {
    id: row.id,
    name: row.name,
    cloudLabel: clouds.find(({ id }) => id === row.cloud)?.label ?? row.cloud,
    service: row.service,
    grant: row.grant,
    state: shownProviderState(row),
    pausedUntil: row.pausedUntil,
    usernames: row.usernames,
    authorizationCount: row.authorizationCount,
    accountCount: row.accountCount,
    credentialKind: row.credentialKind,
    secretExpiresAt: row.secretExpiresAt,
  };
}
