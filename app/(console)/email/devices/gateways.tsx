import { Box, Stack, Text } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { Section } from "@/components/section";
import type { GatewayRow } from "@/lib/access/devices/gateways/schema";

export function Gateways({ gateways }: { gateways: readonly GatewayRow[] }) {
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
