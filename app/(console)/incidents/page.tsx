import { Group } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { FilterChips } from "@/components/filter-chips";
import { LinkButton } from "@/components/links";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { requireUser } from "@/lib/http/auth/session";
import {
  type ListParams,
  listHref,
  listParamsSchema,
  placeOf,
  readFilters,
} from "@/lib/kernel/paging/schema";
import { countIncidents, listIncidents } from "@/lib/watch/incidents/list/queries";
import {
  ANNOUNCE_AFTER,
  INCIDENT_SORTS,
  INCIDENT_STATE_LABELS,
  type IncidentCount,
  type IncidentFilters,
  type IncidentSort,
  incidentFilterSchema,
} from "@/lib/watch/incidents/schema";
import { IncidentTable } from "./incident-table";

export const metadata: Metadata = { title: "Incidents" };

const PATH = "/incidents";
const paramsSchema = listParamsSchema(INCIDENT_SORTS);

export default async function IncidentsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const { filters, unknown } = readFilters(incidentFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts] = await Promise.all([
    listIncidents(actor, params),
    countIncidents(actor, params.search),
  ]);
  const isNew = rows.length === 0 && params.search === "" && params.state === undefined;
  return (
    <Page
      title="Incidents"
      description="One incident per cause, however many accounts it stops."
      actions={!isNew && <SearchField label="Search incidents" />}
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "incident", many: "incidents" }}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="incidents" />
      <Group mb="md">
        <FilterChips label="States" chips={chips(params, counts)} />
      </Group>
      {rows.length === 0 ? (
        <NoIncidents params={params} />
      ) : (
        <IncidentTable rows={rows} params={params} path={PATH} />
      )}
    </Page>
  );
}

function chips(params: ListParams<IncidentSort> & IncidentFilters, counts: IncidentCount[]) {
  return counts.map(({ state, ...total }) => {
    const isOn = state === params.state;
    const href = listHref(PATH, params, { state: isOn ? "" : state });
    return { label: INCIDENT_STATE_LABELS[state], href, isOn, total };
  });
}

function NoIncidents({
  params: { search, state },
}: {
  params: IncidentFilters & { search: string };
}) {
  if (search !== "")
    return (
      <NothingFound href={PATH} all="Show all incidents">
        {`No incident ${state ? "in this state " : ""}has “${search}” in what happened, in what it is about or in the names of the first accounts that it stopped.`}
      </NothingFound>
    );
  const isNarrowed = state === "recovering" || state === "over";
  return (
    <EmptyState
      icon={<IconCircleCheck size={40} stroke={1.3} />}
      title={isNarrowed ? "No incident is in this state" : "Nothing is wrong"}
      action={
        state && (
          <LinkButton href={PATH} mt="md" variant="default">
            Show all incidents
          </LinkButton>
        )
      }
    >
      Postkey checks every few seconds. Failures appear here at once, and raise an alert if they
      last {ANNOUNCE_AFTER}.
    </EmptyState>
  );
}
