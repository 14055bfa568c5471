import { Group, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { InlineLink, LinkButton } from "@/components/links";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { listAttempts, listUnknownAttempts } from "@/lib/devices/attempts/queries";
import type { AttemptRow } from "@/lib/devices/attempts/schema";
import { describeGateway, findDevice, findRevokedDevice } from "@/lib/devices/queries";
import type { DeviceRow } from "@/lib/devices/schema";
import { requireUser } from "@/lib/http/auth/session";
import { idSchema } from "@/lib/kernel/fields/schema";
import { DeviceMenu } from "../device-menu";
import { DeviceStateBadge } from "../device-table";
import { NoListeners } from "../no-listeners";
import { AttemptTable } from "./attempt-table";
import { Limits } from "./limits";
import { RevokedPage } from "./revoked-page";
import { WhatToEnter } from "./what-to-enter";

export const metadata: Metadata = { title: "Device" };

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
      description={<Facts device={device} />}
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
            <Text size="sm" c="dimmed" mb="xs">
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
        <Text size="sm" c="dimmed">
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
          <Text size="sm" c="dimmed" mt="xs">
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

function Facts({ device }: { device: DeviceRow }) {
  return (
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
  );
}
