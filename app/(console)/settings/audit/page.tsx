import { Group } from "@mantine/core";
import { NothingFound } from "@/components/empty-state";
import { SearchField } from "@/components/filters";
import { UnknownFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import {
  findAuditActor,
  findAuditChoices,
  listAuditEvents,
  searchAuditActors,
} from "@/lib/audit/trail/queries";
import { auditFilterSchema, auditParamsSchema } from "@/lib/audit/trail/schema";
import { requireUserOf } from "@/lib/http/auth/session";
import { placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { AuditFilters, ExportLinks } from "./audit-filters";
import { AuditTable } from "./audit-table";

export const metadata = { title: "Audit" };

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
  const shown = { ...query, ...(limit && { limit: String(limit) }) };
  const hrefOf = (change: object) =>
    `${PATH}?${new URLSearchParams({ ...shown, ...(direction && { direction }), ...change })}`;
  const isFirst = after === undefined && before === undefined;
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
          page={{ ...page, ...placeOf({ row: isFirst ? 1 : row, limit }), shown: rows.length }}
          hrefOf={hrefOf}
          noun={{ one: "event", many: "events" }}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="events" />
      <AuditFilters choices={choices} actors={actors} actor={chosen} filter={filter} />
      {rows.length === 0 ? (
        <NothingFound href={PATH} all="Show all events">
          {params.search === ""
            ? "No events match these filters."
            : "No events match these filters. The search looks for names of people and things; choose what was done under Action."}
        </NothingFound>
      ) : (
        <AuditTable
          rows={rows}
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
