import { Stack, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { requireUser } from "@/lib/http/auth/session";
import { readTurn } from "@/lib/kernel/turns/schema";
import { listOpenIncidents, listPastIncidents } from "@/lib/watch/incidents/queries";
import { IncidentTable } from "./incident-table";

export const metadata: Metadata = { title: "Incidents" };

const PATH = "/incidents";

export default async function IncidentsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const [open, past] = await Promise.all([
    listOpenIncidents(actor, readTurn(parameters, "open")),
    listPastIncidents(actor, readTurn(parameters, "past")),
  ]);
  const place = { path: PATH, parameters, noun: { one: "incident", many: "incidents" } };
  return (
    <Page title="Incidents" description="One incident per cause, however many accounts it stops.">
      <Stack gap="xl">
        {open.rows.length === 0 ? (
          <EmptyState icon={<IconCircleCheck size={40} stroke={1.3} />} title="Nothing is wrong">
            Postkey checks every few seconds. Failures appear here at once, and raise an alert if
            they last ten minutes.
          </EmptyState>
        ) : (
          <section>
            <IncidentTable rows={open.rows} />
            <SectionPages list={open} section="open" {...place} />
          </section>
        )}
        {past.rows.length > 0 && (
          <section>
            <Title order={2} size="h5" mb="xs">
              Earlier
            </Title>
            <IncidentTable rows={past.rows} />
            <SectionPages list={past} section="past" {...place} />
          </section>
        )}
      </Stack>
    </Page>
  );
}
