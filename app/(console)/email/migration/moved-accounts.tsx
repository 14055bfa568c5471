import { Group, Paper, Stack, Text, Title } from "@mantine/core";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { type MovedAccount, UNDO_DAYS } from "@/lib/migration/schema";
import { UndoButton } from "./undo-button";

export function MovedAccounts({ accounts }: { accounts: MovedAccount[] }) {
  if (accounts.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mt="xl">
        Recently moved
      </Title>
      <Text size="sm" c="dimmed" mb="xs">
        You can move an account back for {UNDO_DAYS} days. Until then its password is kept
        encrypted; after that it is erased.
      </Text>
      <Paper withBorder p="md" radius="md">
        <Stack gap="sm">
          {accounts.map(({ id, name, provider, movedAt }) => (
            <Group key={id} justify="space-between" wrap="nowrap">
              <div>
                <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
                <Text size="xs" c="dimmed">
                  {provider !== null && `to ${provider} `}
                  <RelativeTime at={movedAt} />
                </Text>
              </div>
              <UndoButton id={id} name={name} />
            </Group>
          ))}
        </Stack>
      </Paper>
    </section>
  );
}
