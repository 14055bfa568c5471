import { IconCircleCheck } from "@tabler/icons-react";
import { EmptyState, ListPage } from "@/components/list-page";
import { RelativeTime } from "@/components/relative-time";
import { RepairButtons } from "@/components/repair";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import { requireUser } from "@/lib/http/auth/session";
import { durationText } from "@/lib/watch/incidents/duration-text";
import { listIncidents } from "@/lib/watch/incidents/list/queries";
import {
  ANNOUNCE_AFTER,
  type ExplainedIncident,
  incidentState,
  lastedMs,
} from "@/lib/watch/incidents/schema";
import { IncidentBadge, OpenedAgain, ResolvesSoon } from "./incident-state";

const PATH = "/incidents";

export default async function IncidentsPage({ searchParams }: PageProps<typeof PATH>) {
  const list = await listIncidents.open(await requireUser(), await searchParams);
  const { search, view } = list.params;
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Incidents"
      description="One incident per cause, however many accounts it stops."
      noun={{ one: "incident", many: "incidents" }}
      search="Search incidents"
      empty={
        <EmptyState icon={IconCircleCheck} title="Nothing is wrong">
          Postkey checks every few seconds. Failures appear here at once, and raise an alert if they
          last {ANNOUNCE_AFTER}.
        </EmptyState>
      }
      always={["open", "recovering", "over"]}
      nothing={
        search
          ? `No incident ${view ? "in this state " : ""}has “${search}” in what happened, in what it is about or in the names of the first accounts that it stopped.`
          : "No incident is in this state."
      }
      columns={[
        "What",
        ["State", "state"],
        "Accounts",
        ["Started", "started"],
        "Duration",
        "Repair",
      ]}
      hasActions={false}
      rows={(rows) => rows.map((row) => <IncidentTableRow key={row.id} row={row} />)}
    />
  );
}

function IncidentTableRow({ row }: { row: ExplainedIncident }) {
  return (
    <tr>
      <td>
        <div>
          <RowLink href={routes.incident(row.id)} look="name">
            {row.title}
          </RowLink>
          <span className={classes.second}>
            {row.onlyAccountId ? `${row.subject}: ${row.accountNames.join()}` : row.subject}
          </span>
        </div>
      </td>
      <td data-label="State" className={classes.fit}>
        <IncidentBadge incident={row} />
      </td>
      <td data-label="Accounts" className={classes.fit}>
        {row.resolvedAt ? row.peakAccounts : row.accounts}
      </td>
      <td data-label="Started" className={classes.fit}>
        <div>
          <RelativeTime at={row.openedAt} />
          {row.firstOpenedAt && (
            <span className={classes.second}>
              <OpenedAgain firstOpenedAt={row.firstOpenedAt} />
            </span>
          )}
        </div>
      </td>
      <td data-label="Duration" className={classes.fit}>
        {lasted(row)}
      </td>
      <td data-label={incidentState(row) === "over" ? undefined : "Repair"}>
        <ResolvesSoon incident={row} />
        <RepairButtons buttons={row.buttons} size="compact-xs" limit={2} />
      </td>
    </tr>
  );
}

function lasted(incident: ExplainedIncident): string {
  const ms = lastedMs(incident);
  return ms === null ? "Ongoing" : durationText(ms);
}
