import { Paper, Stack, Text, Title } from "@mantine/core";
import type { Route } from "next";
import type { ComponentType, ReactNode } from "react";
import { LinkButton } from "./links";

type EmptyStateProps = {
  icon?: ComponentType<{ size: number; stroke: number }>;
  title: string;
  children: ReactNode;
  link?: { href: Route; label: string };
  action?: ReactNode;
};

export function EmptyState({ icon: Icon, title, children, link, action }: EmptyStateProps) {
  return (
    <Paper withBorder p="xl" radius="md">
      <Stack align="center" gap="xs" py="xl" ta="center">
        {Icon && <Icon size={40} stroke={1.3} />}
        <Title order={2} size="h4">
          {title}
        </Title>
        <Text size="md" c="dimmed" maw="46ch" component="div" style={{ overflowWrap: "anywhere" }}>
          {children}
        </Text>
        {action}
        {link && (
          <LinkButton href={link.href} mt="md" variant="default">
            {link.label}
          </LinkButton>
        )}
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
    <EmptyState title="Nothing found" link={{ href, label: all }}>
      {children}
    </EmptyState>
  );
}
