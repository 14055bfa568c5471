import { Paper, SimpleGrid, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import type { DeviceRow } from "@/lib/devices/schema";

export function Limits({ device }: { device: DeviceRow }) {
  const { senders, networks, messagesPerMinute, expiresAt, lastUsedAt, lastRefusedAt } = device;
  return (
    <Paper withBorder p="md" radius="md">
      <SimpleGrid component="dl" m={0} cols={{ base: 1, xs: 2, md: 4 }}>
        <Fact label="Last used">
          {lastUsedAt ? <LastUse device={device} at={lastUsedAt} /> : "Never"}
        </Fact>
        <Fact label="Last refused">
          {lastRefusedAt ? <RelativeTime at={lastRefusedAt} /> : "Never"}
        </Fact>
        <Fact label="Messages sent">{device.messages.toLocaleString("en")}</Fact>
        <Fact label="Transferred">{bytesText(device.bytes)}</Fact>
        <Fact label="Protocols">{device.protocols.join(", ").toUpperCase()}</Fact>
        <Fact label="Allowed senders">{senders.join(", ") || device.emailAddress}</Fact>
        <Fact label="From address">
          {device.rewriteFrom ? `Replaced by ${device.emailAddress}` : "As the device sends it"}
        </Fact>
        <Fact label="Allowed networks">{networks.join(", ") || "All"}</Fact>
        <Fact label="Messages per minute">{messagesPerMinute ?? "No limit"}</Fact>
        <Fact label="Expires">{expiresAt ? <ExpiryText at={expiresAt} /> : "Does not expire"}</Fact>
      </SimpleGrid>
    </Paper>
  );
}

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="dimmed">
        {label}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </div>
  );
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
