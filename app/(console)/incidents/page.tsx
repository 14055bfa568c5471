import { Stack, Title } from "@mantine/core";
import { IconCircleCheck } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { Page } from "@/components/page";
import { requireUser } from "@/lib/http/auth/session";
import { listOpenIncidents, listPastIncidents } from "@/lib/watch/incidents/queries";
import { IncidentTable } from "./incident-table";

export const metadata: Metadata = { title: "Incidents" };

export default async function IncidentsPage() {
  const actor = await requireUser();
  const [open, past] = await Promise.all([listOpenIncidents(actor), listPastIncidents(actor)]);
  return (
    <Page title="Incidents" description="One incident per cause, however many accounts it stops.">
      <Stack gap="xl">
        {open.length === 0 ? (
          <EmptyState icon={<IconCircleCheck size={40} stroke={1.3} />} title="Nothing is wrong">
            Postkey checks every few seconds. Failures appear here at once, and raise an alert if
            they last ten minutes.
          </EmptyState>
        ) : (
          <IncidentTable rows={open} />
        )}
        {past.length > 0 && (
          <section>
            <Title order={2} size="h5" mb="xs">
              Earlier
            </Title>
            <IncidentTable rows={past} />
          </section>
        )}
      </Stack>
    </Page>
  );
}
