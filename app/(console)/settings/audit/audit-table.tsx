import type { Route } from "next";
import { CanOpen } from "@/components/can";
import { InlineLink } from "@/components/links";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { SortHeader, Table } from "@/components/table";
import classes from "@/components/table.module.css";
import type { AuditRow } from "@/lib/audit/trail/schema";
import { detailsOf, sentenceOf } from "@/lib/audit/trail/sentences";
import { capital } from "@/lib/audit/trail/verbs";

type AuditTableProps = { rows: AuditRow[]; when: { sorted: "asc" | "desc"; href: string } };

/** Only sorted by time: sentences have no other order; everything else is a filter. */
export function AuditTable({ rows, when }: AuditTableProps) {
  return (
    <Table columns={["What happened", "From", <SortHeader key="when" label="When" {...when} />]}>
      {rows.map((row) => (
        <AuditTableRow key={row.id} row={row} />
      ))}
    </Table>
  );
}

function AuditTableRow({ row }: { row: AuditRow }) {
  const { verb, rest } = sentenceOf(row);
  return (
    <tr>
      <td>
        <div>
          <ActorName row={row} /> {verb} <ObjectName row={row} /> {rest}
          <Details row={row} />
        </div>
      </td>
      <td data-label="From">
        <div>
          {row.address ?? (
            <span className={classes.dimmed}>{capital(ORIGINS[row.actorKind] ?? "")}</span>
          )}
          {row.address && <span className={classes.second}>{ORIGINS[row.actorKind]}</span>}
        </div>
      </td>
      <td data-label="When" className={classes.fit}>
        <RelativeTime at={row.at} />
      </td>
    </tr>
  );
}

const ORIGINS: Readonly<Record<string, string>> = {
  user: "browser",
  api_key: "API key",
  job: "Postkey itself",
  anonymous: "browser",
  device: "gateway",
};

function ActorName({ row: { actorKind, actorName } }: { row: AuditRow }) {
  const name = <span className={classes.name}>{actorName}</span>;
  return actorKind === "api_key" ? <>Key “{name}”</> : name;
}

function Details({ row }: { row: AuditRow }) {
  const lines = detailsOf(row);
  const events = row.folded?.events ?? 1;
  if (lines.length === 0 && events === 1) return null;
  return (
    <details className={classes.second}>
      <summary>Details</summary>
      {lines.map((line) => (
        <div key={line}>{line}</div>
      ))}
      {events > 1 && (
        <InlineLink href={routes.auditFold(row.id)}>
          Show all {events.toLocaleString("en")} entries
        </InlineLink>
      )}
    </details>
  );
}

function ObjectName({ row }: { row: AuditRow }) {
  const { object } = sentenceOf(row);
  const href = pageOf(row);
  if (!href || !object) return object;
  return (
    <CanOpen href={href} otherwise={object}>
      <RowLink href={href}>{object}</RowLink>
    </CanOpen>
  );
}

/** Not for events that were its end or cover several. */
function pageOf({ action, objectKind, objectId, folded }: AuditRow): Route | null {
  if (action.endsWith(".delete") || (folded?.events ?? 1) > 1) return null;
  if (objectKind === "cloud_provider") return routes.cloudProvider(objectId);
  if (objectKind === "email_account") return routes.emailAccount(objectId);
  if (objectKind === "device" && action !== "device.revoke") return routes.device(objectId);
  return objectKind === "contact_list" ? routes.contactList(objectId) : null;
}
