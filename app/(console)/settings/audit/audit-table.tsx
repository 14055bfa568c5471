import type { Route } from "next";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { type AuditRow, capital, detailInWords, objectOf, verbOf } from "@/lib/audit/trail/schema";

/** One sentence an event: who did what, where from, and how long ago. */
export function AuditTable({ rows }: { rows: AuditRow[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>What happened</th>
            <th>From</th>
            <th>When</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <AuditTableRow key={row.id} row={row} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function AuditTableRow({ row }: { row: AuditRow }) {
  const detail = detailInWords(row.detail);
  return (
    <tr>
      <td>
        <div>
          <span className={classes.name}>{row.actorName}</span> {verbOf(row.action)}{" "}
          <ObjectName row={row} />
          {detail && <span className={classes.second}>{detail}</span>}
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

function ObjectName({ row }: { row: AuditRow }) {
  const name = objectOf(row);
  const href = pageOf(row);
  if (!name) return null;
  return href ? <RowLink href={href}>{name}</RowLink> : name;
}

/** Where the thing can be seen, unless this event was its end. */
function pageOf({ action, objectKind, objectId }: AuditRow): Route | null {
  if (action.endsWith(".delete")) return null;
  if (objectKind === "cloud_provider") return routes.cloudProvider(objectId);
  if (objectKind === "email_account") return routes.emailAccount(objectId);
  if (objectKind === "device" && action !== "device.revoke") return routes.device(objectId);
  return objectKind === "contact_list" ? routes.contactList(objectId) : null;
}
