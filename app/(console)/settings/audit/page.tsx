import { Group } from "@mantine/core";
import type { Route } from "next";
import { CanOpen } from "@/components/can";
import { SearchField } from "@/components/filters";
import { InlineLink } from "@/components/links";
import { UnknownFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { NothingFound } from "@/components/list-page";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink, SortHeader, Table } from "@/components/table";
import classes from "@/components/table.module.css";
import {
  findAuditActor,
  findAuditChoices,
  listAuditEvents,
  searchAuditActors,
} from "@/lib/audit/trail/queries";
import {
  AUDIT_RESULTS,
  type AuditRow,
  auditFilterSchema,
  auditParamsSchema,
} from "@/lib/audit/trail/schema";
import { detailsOf, idsIn, sentenceOf } from "@/lib/audit/trail/sentences";
import { readEmailAccounts } from "@/lib/email-accounts/queries";
import { requireUserOf } from "@/lib/http/auth/session";
import { type Actor, can } from "@/lib/kernel/actor";
import { placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { capital } from "@/lib/kernel/text/schema";
import { timeText } from "@/lib/kernel/text/time-text";
import { AuditFilters, ExportLinks } from "./audit-filters";

const PATH = "/settings/audit";

export default async function AuditPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUserOf("/settings/audit");
  const given = await searchParams;
  const { unknown } = readFilters(auditFilterSchema, given);
  const params = auditParamsSchema.parse(given);
  const [{ rows, ...page }, choices, actors, chosen] = await Promise.all([
    listAuditEvents(actor, params),
    findAuditChoices(actor),
    searchAuditActors(actor, ""),
    params.actor ? findAuditActor(actor, params.actor) : null,
  ]);
  const { after, before, row, limit, direction, ...filter } = params;
  const query = filterQuery(filter);
  const place = placeOf({ row: (after ?? before) ? row : 1, limit });
  const hrefOf = (change: object) =>
    `${PATH}?${new URLSearchParams({ ...query, ...(limit && { limit: String(limit) }), ...(direction && { direction }), ...change })}`;
  return (
    <Page
      title="Audit"
      description="Who did what, from where and when. Nothing here can be changed or removed unnoticed."
      actions={
        <Group gap="sm">
          <SearchField label="Search names" />
          <ExportLinks query={query} />
        </Group>
      }
      footer={
        <ListFooter
          page={{ ...page, ...place, shown: rows.length }}
          hrefOf={hrefOf}
          noun={{ one: "event", many: "events" }}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="events" />
      <AuditFilters
        choices={{ ...choices, results: AUDIT_RESULTS }}
        actors={actors}
        actor={chosen}
        filter={filter}
      />
      {rows.length === 0 ? (
        <NothingFound href={PATH} all="Show all events">
          {params.search === ""
            ? "No events match these filters."
            : "No events match these filters. The search looks for names of people and things; choose what was done under Action."}
        </NothingFound>
      ) : (
        <AuditTable
          rows={rows}
          names={await accountNames(actor, rows)}
          when={{
            sorted: direction ?? "desc",
            href: hrefOf({ direction: direction === "asc" ? "desc" : "asc" }),
          }}
        />
      )}
    </Page>
  );
}

function filterQuery(filter: object): Record<string, string> {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => Boolean(value)));
}

async function accountNames(actor: Actor, rows: AuditRow[]): Promise<Map<string, string>> {
  if (!can(actor, "accounts:read")) return new Map();
  const accounts = await readEmailAccounts(actor, idsIn(rows));
  return new Map(accounts.map(({ id, name }) => [id, name]));
}

type Names = ReadonlyMap<string, string>;
type AuditTableProps = {
  rows: AuditRow[];
  names: Names;
  when: { sorted: "asc" | "desc"; href: string };
};

/** Only sorted by time: sentences have no other order; everything else is a filter. */
function AuditTable({ rows, names, when }: AuditTableProps) {
  return (
    <Table columns={["What happened", "From", <SortHeader key="when" label="When" {...when} />]}>
      {rows.map((row) => (
        <AuditTableRow key={row.id} row={row} names={names} />
      ))}
    </Table>
  );
}

function AuditTableRow({ row, names }: { row: AuditRow; names: Names }) {
  const { verb, rest } = sentenceOf(row);
  return (
    <tr>
      <td>
        <div>
          <ActorName row={row} /> {verb} <ObjectName row={row} /> {rest}
          <Details row={row} names={names} />
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
        <div>
          <RelativeTime at={row.at} />
          <span className={classes.second}>{timeText(row.at)}</span>
        </div>
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

function Details({ row, names }: { row: AuditRow; names: Names }) {
  const lines = detailsOf(row, names);
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
