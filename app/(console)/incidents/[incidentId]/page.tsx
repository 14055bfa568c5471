import { Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { byId } from "@/app/(console)/by-id";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { RowLink, Table } from "@/components/table";
import { requireUser } from "@/lib/http/auth/session";
import { wallTime } from "@/lib/kernel/clock";
import type { Remedy } from "@/lib/remedies/remedy";
import type { DeliveryRow } from "@/lib/watch/alerts/queries";
import { findIncident, type IncidentDetail } from "@/lib/watch/incidents/queries";
import { remedyOfIncident } from "@/lib/watch/incidents/repair";
import { incidentState, isSilenced, namesText } from "@/lib/watch/incidents/schema";
import { DeliveryState } from "../../settings/alerts/channel-state";
import { IncidentBadge } from "../incident-badge";
import { ResolvesSoon } from "../resolves-soon";
import { Silence } from "./silence";
import { Timeline } from "./timeline";

export const metadata: Metadata = { title: "Incident" };

export default async function IncidentPage({ params }: PageProps<"/incidents/[incidentId]">) {
  const actor = await requireUser();
  const incident = await byId((await params).incidentId, (id) => findIncident(actor, id));
  const remedy = await remedyOfIncident(actor, incident);
  const isQuiet = !incident.resolvedAt && isSilenced(incident, wallTime());
  return (
    <Page
      title={incident.title.replace(/\.$/, "")}
      parent={{ href: "/incidents", label: "Incidents" }}
      description={
        <Group gap="xs" mt={6}>
          <IncidentBadge incident={incident} />
          <Subject incident={incident} />
          <span>{stopsText(incident)}</span>
        </Group>
      }
      actions={!incident.resolvedAt && <Silence incidentId={incident.id} isOn={isQuiet} />}
    >
      <Stack gap="lg">
        {isQuiet && <SilencedText incident={incident} />}
        <ResolvesSoon incident={incident} />
        <Repair incident={incident} remedy={remedy} />
        <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
          <Section title="What happened">
            <Paper withBorder p="md" radius="md">
              <Timeline incident={incident} />
            </Paper>
          </Section>
          <Section title="Who was notified">
            <Paper withBorder p="md" radius="md">
              <Deliveries alerts={incident.alerts} />
            </Paper>
          </Section>
        </SimpleGrid>
        {incident.stoppedAccounts.length > 0 && <StoppedAccounts incident={incident} />}
      </Stack>
    </Page>
  );
}

function SilencedText({
  incident: { silencedByName, silencedUntil },
}: {
  incident: IncidentDetail;
}) {
  return (
    <Text>
      Silenced by {silencedByName}
      {silencedUntil ? (
        <>
          . The silence ends <RelativeTime at={silencedUntil} />.
        </>
      ) : (
        " until it is resolved."
      )}
    </Text>
  );
}

function Repair({ incident, remedy }: { incident: IncidentDetail; remedy: Remedy }) {
  const isPrimary = incidentState(incident) === "open";
  const panel = <RemedyPanel remedy={remedy} at={incident.openedAt} isPrimary={isPrimary} />;
  if (incidentState(incident) !== "recovering") return panel;
  return (
    <details>
      <summary>If it fails again</summary>
      {panel}
    </details>
  );
}

function Subject({ incident: { subject, cloudProviderId } }: { incident: IncidentDetail }) {
  if (!cloudProviderId) return <span>{subject}</span>;
  return <RowLink href={routes.cloudProvider(cloudProviderId)}>{subject}</RowLink>;
}

/** Accounts it no longer stops are in no table, so the first are named here. */
function stopsText(incident: IncidentDetail): string {
  const { accounts, peakAccounts, accountNames, resolvedAt, quietSince } = incident;
  const count = (number: number) =>
    number === 0
      ? "no email account"
      : `${number.toLocaleString("en")} email ${number === 1 ? "account" : "accounts"}`;
  if (!resolvedAt && !quietSince) return `Stops ${count(accounts)}`;
  const names = accountNames.length > 0 ? `: ${namesText(accountNames, peakAccounts)}` : "";
  return `Stopped up to ${count(peakAccounts)}${names}`;
}

function Deliveries({ alerts }: { alerts: IncidentDetail["alerts"] }) {
  const deliveries = alerts.flatMap(({ subject, deliveries: sent }) =>
    sent.map((delivery) => ({ ...delivery, subject })),
  );
  if (deliveries.length === 0)
    return (
      <Text c="dimmed">{alerts.length > 0 ? "No alert channel was set up." : "No one yet."}</Text>
    );
  return (
    <Stack gap="sm">
      {deliveries.map(({ id, state, subject, alertChannel }) => (
        <div key={id}>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            {/* Written by lib/watch/alerts alone. */}
            <DeliveryState state={state as DeliveryRow["state"]} />
            <RowLink href={routes.alertChannel(alertChannel.id)}>{alertChannel.name}</RowLink>
          </Group>
          <Text size="xs" c="dimmed" mt={2}>
            {subject}
          </Text>
        </div>
      ))}
    </Stack>
  );
}

function StoppedAccounts({ incident }: { incident: IncidentDetail }) {
  const { stoppedAccounts, accounts } = incident;
  const more = accounts - stoppedAccounts.length;
  return (
    <Section title="Affected email accounts">
      <Table columns={["Name", "Address"]}>
        {stoppedAccounts.map(({ id, name, emailAddress }) => (
          <tr key={id}>
            <td>
              <RowLink href={routes.emailAccount(id)} look="name">
                {name}
              </RowLink>
            </td>
            <td data-label="Address">{emailAddress}</td>
          </tr>
        ))}
      </Table>
      {more > 0 && (
        <Text c="dimmed" mt="xs">
          And {more.toLocaleString("en")} more
          {incident.cloudProviderId && (
            <>
              :{" "}
              <RowLink href={routes.accountsOfProvider(incident.cloudProviderId)}>
                the accounts of {incident.subject}
              </RowLink>
            </>
          )}
          .
        </Text>
      )}
    </Section>
  );
}
