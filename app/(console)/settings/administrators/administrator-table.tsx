import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { AdministratorRow, AdministratorSort } from "@/lib/access/administrators/schema";
import { ROLE_LABELS } from "@/lib/access/roles/schema";
import { type ListParams, sortLink } from "@/lib/kernel/paging/schema";
import { AdministratorMenu } from "./administrator-menu";

type AdministratorTableProps = {
  rows: AdministratorRow[];
  params: ListParams<AdministratorSort>;
  selfId: string;
  path: string;
};

export function AdministratorTable({ rows, params, selfId, path }: AdministratorTableProps) {
  return (
    <Table
      head={
        <>
          <SortHeader label="Name" {...sortLink(path, params, "name")} />
          <SortHeader label="Email" {...sortLink(path, params, "email")} />
          <SortHeader label="Role" {...sortLink(path, params, "role")} />
          <SortHeader label="Second factor" {...sortLink(path, params, "secondFactor")} />
          <SortHeader label="Last seen" {...sortLink(path, params, "lastSeen")} />
          <SortHeader label="Status" {...sortLink(path, params, "status")} />
          <th aria-label="Actions" />
        </>
      }
    >
      {rows.map((row) => (
        <AdministratorTableRow key={row.id} row={row} isSelf={row.id === selfId} />
      ))}
    </Table>
  );
}

/** A passkey beside a password that lets in alone protects nothing. */
function factorText({ hasFactors, isAskedForFactor }: AdministratorRow): string {
  if (isAskedForFactor) return "Yes";
  return hasFactors ? "No: passkey or password" : "No";
}

function AdministratorTableRow({ row, isSelf }: { row: AdministratorRow; isSelf: boolean }) {
  const isActive = row.disabledAt === null;
  return (
    <tr>
      <td>
        <RowLink href={routes.administrator(row.id)} look="name">
          {row.name}
        </RowLink>
        {isSelf && <span className={classes.dimmed}> (you)</span>}
      </td>
      <td data-label="Email" className={classes.wide}>
        {row.email}
      </td>
      <td data-label="Role">
        {ROLE_LABELS[row.role]}
        {row.managedBy !== null && row.disabledBy === null && (
          <span className={classes.dimmed}> decided by {row.managedBy}</span>
        )}
      </td>
      <td data-label="Second factor">{factorText(row)}</td>
      <td data-label="Last seen" className={classes.fit}>
        {row.lastSeenAt ? <RelativeTime at={row.lastSeenAt} /> : "Not signed in"}
      </td>
      <td data-label="Status" className={classes.fit}>
        <Badge tint={isActive ? "teal" : "gray"}>{isActive ? "Active" : "Disabled"}</Badge>
        {row.disabledBy !== null && <span className={classes.dimmed}> by {row.disabledBy}</span>}
      </td>
      <td>{!isSelf && <AdministratorMenu person={row} />}</td>
    </tr>
  );
}
