import { Box, Stack, Text } from "@mantine/core";
import { IconPrinter } from "@tabler/icons-react";
import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { LinkButton } from "@/components/links";
import { AddLink } from "@/components/list-footer";
import { EmptyState, ListPage } from "@/components/list-page";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { pageAt } from "@/components/routes";
import { listGateways } from "@/lib/devices/gateways/queries";
import type { GatewayRow } from "@/lib/devices/gateways/schema";
import { describeGateway, listDevices } from "@/lib/devices/queries";
import { PROTOCOL_LABELS } from "@/lib/devices/schema";
import { findEmailAccount } from "@/lib/email-accounts/queries";
import { requireUser } from "@/lib/http/auth/session";
import { NoListeners } from "../connection-fields";
import { DeviceTableRow } from "../device-table";

const PATH = "/email/devices";

export default async function DevicesPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const [list, gateways] = await Promise.all([
    listDevices.open(actor, await searchParams),
    listGateways(actor),
  ]);
  const { emailAccountId } = list.params;
  const account = emailAccountId ? await findEmailAccount(actor, emailAccountId) : null;
  const hasAny = list.views.some(({ count }) => count > 0);
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Devices"
      description="Scanners and software that know only a user name and a password send and read mail through Postkey."
      noun={{ one: "device", many: "devices" }}
      search="Search devices"
      actions={
        <LinkButton href={pageAt(`${PATH}/import`)} variant="default">
          Import
        </LinkButton>
      }
      add={<AddLink href={`${PATH}/new`} label="New Device" />}
      above={<NoListeners gateway={describeGateway(actor)} />}
      filters={[
        { name: "emailAccountId", label: "Account", find: searchEmailAccountsAction },
        { name: "protocol", label: "Protocol", all: "All protocols", options: PROTOCOL_LABELS },
      ]}
      chosen={
        emailAccountId
          ? [{ name: "emailAccountId", label: `Account: ${account?.name ?? "deleted"}` }]
          : []
      }
      {...(hasAny ? {} : { empty: <NoDevices /> })}
      nothing={list.isNarrowed ? "No device is in this view." : "All devices are revoked."}
      columns={[
        ["Name", "name"],
        ["Email account", "account"],
        "Protocols",
        "State",
        ["Last used", "lastUsed"],
        "Messages",
        ["Expires", "expires"],
      ]}
      rows={(rows) => rows.map((device) => <DeviceTableRow key={device.id} device={device} />)}
      below={<Gateways gateways={gateways} />}
    />
  );
}

function NoDevices() {
  return (
    <EmptyState
      icon={IconPrinter}
      title="No devices yet"
      action={
        <LinkButton href={`${PATH}/new`} mt="md" variant="default">
          New Device
        </LinkButton>
      }
    >
      Create one for each scanner or program. It gets a password of its own, which you can revoke at
      any time.
    </EmptyState>
  );
}

function Gateways({ gateways }: { gateways: readonly GatewayRow[] }) {
  if (gateways.length === 0) return null;
  return (
    <Box mt="lg">
      <Section title="Gateways">
        <Stack gap={4}>
          {gateways.map((gateway) => (
            <Text key={gateway.id} size="sm" c="dimmed">
              {gateway.host}: started <RelativeTime at={gateway.startedAt} />, listens at{" "}
              {gateway.listeners.join(", ")}. {connectionsText(gateway)}
            </Text>
          ))}
        </Stack>
      </Section>
    </Box>
  );
}

function connectionsText({ places: { imap, pop3, smtp } }: GatewayRow): string {
  if (imap + pop3 + smtp === 0) return "It holds no connection to a mail server.";
  return `Connections to mail servers: ${imap} IMAP, ${pop3} POP3, ${smtp} SMTP.`;
}
