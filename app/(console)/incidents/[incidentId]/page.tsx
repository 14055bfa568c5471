import { Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core";
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
import {
  ANNOUNCE_AFTER_MS,
  incidentState,
  isSilenced,
  namesText,
} from "@/lib/watch/incidents/schema";
import { DeliveryState } from "../../settings/alerts/channel-state";
import { IncidentBadge, ResolvesSoon } from "../incident-state";
import { Silence } from "./silence";
import classes from "./timeline.module.css";

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
              <ol className={classes.timeline}>
                {timelineOf(incident).map(({ at, text, tint }) => (
                  <li key={text} data-tint={tint}>
                    <span>{text}</span>
                    <span className={classes.time}>
                      <RelativeTime at={at} />
                    </span>
                  </li>
                ))}
              </ol>
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

function SilencedText({ incident }: { incident: IncidentDetail }) {
  const { silencedByName, silencedUntil } = incident;
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
      <Table columns={["Name", "Address"]} comesBack>
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

type Entry = { at: Date; text: string; tint: "red" | "yellow" | "teal" | "gray" };

type Announced = Pick<
  IncidentDetail,
  | "openedAt"
  | "firstOpenedAt"
  | "announcedAt"
  | "quietSince"
  | "resolvedAt"
  | "silencedByName"
  | "silencedUntil"
  | "channels"
> & { alerts: readonly { deliveries: readonly unknown[] }[] };

function timelineOf(incident: Announced): Entry[] {
  const { openedAt, firstOpenedAt, announcedAt, quietSince, resolvedAt } = incident;
  const since = firstOpenedAt ?? openedAt;
  const silenced = isSilenced(incident, wallTime());
  const announced: Entry = announcedAt
    ? {
        at: announcedAt,
        text: isToldHereOnly(incident) ? "Shown on this page only" : "Alert channels notified",
        tint: "red",
      }
    : {
        at: new Date(since.getTime() + ANNOUNCE_AFTER_MS),
        text:
          incident.channels > 0 ? "Alerts go out" : "Alerts would go out, but no channel is set up",
        tint: "gray",
      };
  const opened: Entry[] = [
    { at: since, text: "Started", tint: "red" },
    ...(announcedAt || !(quietSince || silenced) ? [announced] : []),
    ...(firstOpenedAt ? [{ at: openedAt, text: "Opened again", tint: "red" } as const] : []),
  ];
  return [
    ...opened.sort((a, b) => a.at.getTime() - b.at.getTime()),
    ...(quietSince ? [{ at: quietSince, text: "No longer failing", tint: "yellow" } as const] : []),
    ...(resolvedAt ? [{ at: resolvedAt, text: "Resolved", tint: "teal" } as const] : []),
  ];
}

/** Alerts of old incidents are not kept. */
function isToldHereOnly({ alerts }: Pick<Announced, "alerts">): boolean {
  return alerts.length > 0 && alerts.every(({ deliveries }) => deliveries.length === 0);
}
