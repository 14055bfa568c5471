import { Paper, Stack, Text, Title } from "@mantine/core";
import type { Route } from "next";
import type { ReactNode } from "react";
import { LinkButton } from "./links";

type EmptyStateProps = { icon: ReactNode; title: string; children: ReactNode; action?: ReactNode };

export function EmptyState({ icon, title, children, action }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="xs" py="xl" ta="center">
        {icon}
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text c="dimmed" maw="46ch" component="div" style={{ overflowWrap: "anywhere" }}>
          {children}
        </Text>
        {action}
      </Stack>
    </Paper>
  );
}

type NothingFoundProps = {
  href: Route;
  all: string;
  children: ReactNode;
};

export function NothingFound({ href, all, children }: NothingFoundProps) {
  return (
    <EmptyState
      icon={null}
      title="Nothing found"
      action={
        <LinkButton href={href} mt="md" variant="default">
          {all}
        </LinkButton>
      }
    >
      {children}
    </EmptyState>
  );
}
