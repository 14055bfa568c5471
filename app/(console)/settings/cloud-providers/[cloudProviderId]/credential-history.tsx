import { Group, Paper, Stack, Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { ExpiryText } from "@/components/expiry-text";
import { RelativeTime } from "@/components/relative-time";
import type { CredentialRow } from "@/lib/cloud-providers/schema";

/** The secret in use and those before it: when, by whom, the last three characters, until when. */
export function CredentialHistory({ credentials }: { credentials: CredentialRow[] }) {
  return (
    <Paper withBorder p="md" radius="md">
      <Stack gap="sm">
        {credentials.map((credential) => (
          <Group key={credential.id} justify="space-between" wrap="nowrap" align="flex-start">
            <div>
              <Text size="sm" fw={credential.supersededAt ? 400 : 600} ff="monospace">
                …{credential.hint}
              </Text>
              <Text size="xs" c="dimmed">
                entered <RelativeTime at={credential.createdAt} /> by {credential.createdByName}
              </Text>
            </div>
            {credential.supersededAt ? (
              <Text size="sm" c="dimmed" ta="right">
                replaced <RelativeTime at={credential.supersededAt} />
              </Text>
            ) : (
              <Stack gap={4} align="flex-end" style={{ whiteSpace: "nowrap" }}>
                <Group gap={6} wrap="nowrap">
                  <Badge tint={credential.provedAt ? "teal" : "yellow"}>
                    {credential.provedAt ? "Proved" : "Not proved yet"}
                  </Badge>
                </Group>
                <Text size="sm">
                  expires <ExpiryText at={credential.expiresAt} />
                </Text>
              </Stack>
            )}
          </Group>
        ))}
      </Stack>
    </Paper>
  );
}
