import { Paper, Stack, Text, Title } from "@mantine/core";
import type { ReactNode } from "react";

type EmptyStateProps = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode };

/** What a list says when it has nothing to show: what to do next. */
export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="xs" py="xl" ta="center">
        {icon}
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" maw="46ch" component="div">
          {children}
        </Text>
        {action}
      </Stack>
    </Paper>
  );
}
