import { IconCircleCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, ListPage } from "@/components/list-page";
import { requireUser } from "@/lib/http/auth/session";
import { listIncidents } from "@/lib/watch/incidents/list/queries";
import { ANNOUNCE_AFTER } from "@/lib/watch/incidents/schema";
import { IncidentTableRow } from "./incident-row";

export const metadata: Metadata = { title: "Incidents" };

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
      empty={<NothingWrong />}
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

function NothingWrong() {
  return (
    <EmptyState icon={IconCircleCheck} title="Nothing is wrong">
      Postkey checks every few seconds. Failures appear here at once, and raise an alert if they
      last {ANNOUNCE_AFTER}.
    </EmptyState>
  );
}
