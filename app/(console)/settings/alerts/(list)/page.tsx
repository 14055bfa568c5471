import { IconBell } from "@tabler/icons-react";
import type { Metadata } from "next";
import { Can } from "@/components/can";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { FilterSelect } from "@/components/filter-select";
import { LinkButton } from "@/components/links";
import { ListFilters } from "@/components/list-filters";
import { AddLink, ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { UnknownFilters } from "@/components/unknown-filters";
import { requireUser } from "@/lib/http/auth/session";
import { listHref, listParamsSchema, placeOf, readFilters } from "@/lib/kernel/paging/schema";
import { countAlertChannelViews, listAlertChannels } from "@/lib/watch/alerts/queries";
import {
  ALERT_CHANNEL_SORTS,
  ALERT_CHANNEL_VIEW_LABELS,
  alertChannelFilterSchema,
  CHANNEL_KINDS,
  CHANNEL_LABELS,
} from "@/lib/watch/alerts/schema";
import { ANNOUNCE_AFTER } from "@/lib/watch/incidents/schema";
import { AlertChannelTable } from "../alert-channel-table";

export const metadata: Metadata = { title: "Alerts" };

const PATH = "/settings/alerts";
const paramsSchema = listParamsSchema(ALERT_CHANNEL_SORTS);

export default async function AlertsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const { filters, unknown } = readFilters(alertChannelFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts] = await Promise.all([
    listAlertChannels(actor, params),
    countAlertChannelViews(actor, params.search, filters),
  ]);
  const isNarrowed = params.search !== "" || Object.values(filters).some(Boolean);
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="Alerts"
      description="Who to notify when mail stops, when it works again, and before a secret expires."
      actions={isNew ? undefined : <SearchField label="Search alert channels" />}
      footer={
        <ListFooter
          page={{ ...page, ...placeOf(params), shown: rows.length }}
          hrefOf={(cursor) => listHref(PATH, params, cursor)}
          noun={{ one: "channel", many: "channels" }}
          add={<AddLink href="/settings/alerts/new" label="New alert channel" />}
        />
      }
    >
      <UnknownFilters unknown={unknown} noun="channels" />
      {!isNew && (
        <ListFilters path={PATH} params={params} counts={counts} labels={ALERT_CHANNEL_VIEW_LABELS}>
          <FilterSelect
            name="kind"
            label="Kind"
            all="All kinds"
            options={CHANNEL_KINDS.map((value) => ({ value, label: CHANNEL_LABELS[value] }))}
          />
        </ListFilters>
      )}
      {isNew && <NoChannels />}
      {!isNew && rows.length === 0 && (
        <NothingFound href={PATH} all="Show all channels">
          No channel is in this view.
        </NothingFound>
      )}
      {rows.length > 0 && <AlertChannelTable rows={rows} params={params} path={PATH} />}
    </Page>
  );
}

function NoChannels() {
  return (
    <EmptyState
      icon={<IconBell size={40} stroke={1.3} />}
      title="No alert channels yet"
      action={
        <LinkButton href="/settings/alerts/new" mt="md" variant="default">
          New alert channel
        </LinkButton>
      }
    >
      <Can
        permission="alerts:write"
        otherwise="Ask an administrator to add an email address or a webhook."
      >
        Add an email address or a webhook.
      </Can>{" "}
      You get one message per cause, however many accounts it stops. Problems that end within{" "}
      {ANNOUNCE_AFTER} send nothing.
    </EmptyState>
  );
}
