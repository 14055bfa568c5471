import { Anchor, Group, Paper, Stack, Text } from "@mantine/core";
import { notFound } from "next/navigation";
import { Badge } from "@/components/badge";
import { dayText } from "@/components/day";
import { ExpiryText } from "@/components/expiry-text";
import { type Fact, FactList } from "@/components/fact-list";
import { Fold } from "@/components/fold";
import { InlineLink, LinkButton } from "@/components/links";
import { Page, Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { listAttempts, listUnknownAttempts } from "@/lib/devices/attempts/queries";
import type { AttemptRow } from "@/lib/devices/attempts/schema";
import { AUTHORITY, instructionsFor } from "@/lib/devices/instructions";
import {
  describeGateway,
  findDevice,
  findRevokedDevice,
  type RevokedDevice,
} from "@/lib/devices/queries";
import type { DeviceRow, GatewayDescription } from "@/lib/devices/schema";
import { ACCOUNT_LABELS, GRAPH_MAX_TEXT, SENDS_BY_LABELS } from "@/lib/email-accounts/schema";
import { requireUser } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { NoListeners, PortFields, ServerFields } from "../connection-fields";
import { DeviceMenu } from "../device-menu";
import { DeviceStateBadge } from "../device-table";
import { AttemptTable } from "./attempt-table";
import { Software } from "./software";
import classes from "./what-to-enter.module.css";

export default async function DevicePage({ params }: PageProps<"/email/devices/[deviceId]">) {
  const actor = await requireUser();
  const id = idSchema.safeParse((await params).deviceId).data;
  const device = id ? await findDevice(actor, id) : null;
  const revoked = id && !device ? await findRevokedDevice(actor, id) : null;
  if (revoked)
    return <RevokedPage device={revoked} attempts={await listAttempts(actor, revoked.id)} />;
  if (!device) notFound();
  const attempts = await listAttempts(actor, device.id);
  const unknown = await listUnknownAttempts(actor, ownAddresses(attempts));
  const gateway = describeGateway(actor);
  return (
    <Page
      title={device.name}
      parent={{ href: routes.devices, label: "Devices" }}
      description={
        <Group gap="xs" mt={6}>
          <DeviceStateBadge device={device} />
          <span>
            For{" "}
            <InlineLink href={routes.emailAccount(device.emailAccountId)}>
              {device.accountName}
            </InlineLink>
            . Created <RelativeTime at={device.createdAt} /> by {device.createdByName}
            {device.makerNote && ` (${device.makerNote})`}.
          </span>
        </Group>
      }
      actions={
        <Group gap="xs">
          <LinkButton href={routes.editDevice(device.id)} variant="default">
            Edit
          </LinkButton>
          <DeviceMenu id={device.id} name={device.name} isPaused={device.paused} />
        </Group>
      }
    >
      <Stack gap="lg">
        <NoListeners gateway={gateway} />
        <Section title="Enter this in the device">
          <WhatToEnter device={device} gateway={gateway} />
        </Section>
        <SignIns device={device} attempts={attempts} />
        {unknown.length > 0 && (
          <Section title="Other connections in the last 15 minutes">
            <Text c="dimmed" mb="xs">
              They ended before Postkey could tell which device it was. One may be yours.
            </Text>
            <AttemptTable attempts={unknown} />
          </Section>
        )}
        <Section title="Use and limits">
          <Limits device={device} />
        </Section>
      </Stack>
    </Page>
  );
}

function SignIns({ device, attempts }: { device: DeviceRow; attempts: AttemptRow[] }) {
  return (
    <Section title={device.lastUsedAt ? "Sign-ins" : "Waiting for your device…"}>
      {attempts.length === 0 ? (
        <Text c="dimmed">
          Nothing yet. Each sign-in appears here as it happens, with its cause if it fails. If
          nothing appears within a minute, {NOT_REACHED}
        </Text>
      ) : (
        <>
          <AttemptTable
            attempts={attempts}
            emailAccountId={device.emailAccountId}
            device={device}
          />
          <Text c="dimmed" mt="xs">
            Frequent sign-ins are shown once a minute. If yours does not appear here, {NOT_REACHED}
          </Text>
        </>
      )}
    </Section>
  );
}

/** An unidentified attempt is probably its own if it came from an address it signed in from. */
const ownAddresses = (attempts: readonly AttemptRow[]) =>
  attempts.filter(({ outcome }) => outcome === "ok").map(({ address }) => address);

const NOT_REACHED =
  "the device does not reach Postkey: check the server, the port and its encryption, and the firewall between them.";

function RevokedPage({ device, attempts }: { device: RevokedDevice; attempts: AttemptRow[] }) {
  const { name, emailAccountId, accountName, revokedAt, revokedByName } = device;
  return (
    <Page
      title={name}
      parent={{ href: routes.devices, label: "Devices" }}
      description={
        <Group gap="xs" mt={6}>
          <Badge tint="gray" icon="x">
            Revoked
          </Badge>
          <span>
            Revoked on {dayText(revokedAt)} (<RelativeTime at={revokedAt} />)
            {revokedByName && ` by ${revokedByName}`}. It was for{" "}
            <InlineLink href={routes.emailAccount(emailAccountId)}>{accountName}</InlineLink>.
          </span>
        </Group>
      }
    >
      <Section title="Sign-ins">
        {attempts.length === 0 ? (
          <Text c="dimmed">No sign-ins are kept.</Text>
        ) : (
          <AttemptTable attempts={attempts} emailAccountId={emailAccountId} />
        )}
      </Section>
    </Page>
  );
}

function Limits({ device }: { device: DeviceRow }) {
  const { senders, networks, messagesPerMinute, expiresAt, lastUsedAt, lastRefusedAt } = device;
  const facts: Fact[] = [
    {
      label: "Last used",
      value: lastUsedAt ? <LastUse device={device} at={lastUsedAt} /> : "Never",
    },
    { label: "Last refused", value: lastRefusedAt ? <RelativeTime at={lastRefusedAt} /> : "Never" },
    { label: "Messages sent", value: device.messages.toLocaleString("en") },
    { label: "Transferred", value: bytesText(device.bytes) },
    { label: "Protocols", value: protocolsText(device) },
    ...(device.sendsByGraph
      ? [{ label: ACCOUNT_LABELS.sendsBy, value: `${SENDS_BY_LABELS.graph}, ${GRAPH_MAX_TEXT}` }]
      : []),
    { label: "Allowed senders", value: senders.join(", ") || device.emailAddress },
    {
      label: "From address",
      value: device.rewriteFrom ? `Replaced by ${device.emailAddress}` : "As the device sends it",
    },
    { label: "Allowed networks", value: networks.join(", ") || "All" },
    { label: "Messages per minute", value: messagesPerMinute ?? "No limit of its own" },
    { label: "Expires", value: expiresAt ? <ExpiryText at={expiresAt} /> : "Does not expire" },
  ];
  return <FactList facts={facts} />;
}

function protocolsText({ protocols, withoutServer }: DeviceRow): string {
  const named = (some: readonly string[], link: string) => some.join(link).toUpperCase();
  const served = named(protocols, ", ");
  if (withoutServer.length === 0) return served;
  return `${served} (the account has no ${named(withoutServer, " or ")} server)`;
}

function LastUse({ device, at }: { device: DeviceRow; at: Date }) {
  const { lastAddress, lastClient, lastTlsVersion } = device;
  return (
    <>
      <RelativeTime at={at} /> from {lastAddress}
      {lastClient && ` (${lastClient})`}, {lastTlsVersion ?? "without TLS"}
    </>
  );
}

const UNITS = ["bytes", "KB", "MB", "GB", "TB"];

/** `0 bytes`, `1.4 MB`. */
function bytesText(bytes: number): string {
  const power = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(bytes, 1)) / 3));
  const value = bytes / 1_000 ** power;
  return `${power === 0 ? value : value.toFixed(1)} ${UNITS[power]}`;
}

function WhatToEnter({ device, gateway }: { device: DeviceRow; gateway: GatewayDescription }) {
  const { hasOwnAuthority } = gateway;
  const instructions = instructionsFor(device, gateway);
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="md">
        <ServerFields gateway={gateway} userName={device.emailAddress} />
        <Text>
          Password: the one that begins with <strong>{device.prefix}</strong>. It was shown when it
          was created. If you don't have it, create a new one in the menu. It starts with the same
          six characters.
        </Text>
        <PortFields gateway={gateway} protocols={device.protocols} />
        {device.protocols.includes("smtp") && (
          <Text>
            Sender:{" "}
            {(device.senders.length > 0 ? device.senders : [device.emailAddress]).join(", ")}
          </Text>
        )}
        {hasOwnAuthority && (
          <Text>
            If the device checks certificates, as programs do,{" "}
            <Anchor href="/api/deviceAuthority" download inherit underline="always">
              download the certificate
            </Anchor>{" "}
            of Postkey's local authority and install it there.
            {instructions.length > 0 && ` The texts below expect it in ${AUTHORITY}.`}
          </Text>
        )}
        {instructions.length > 0 && (
          <Fold
            className={classes.fold}
            summary="How to set up Request Tracker, Postfix, a printer, a script and more"
          >
            <Software instructions={instructions} />
          </Fold>
        )}
      </Stack>
    </Paper>
  );
}
