import { Anchor, ListItem, Stack, Text } from "@mantine/core";
import type { ReactNode } from "react";

export function Step({ title, children }: { title: string; children: ReactNode }) {
  return (
    <ListItem>
      <Stack gap="xs">
        <Text fw={600}>{title}</Text>
        {children}
      </Stack>
    </ListItem>
  );
}

export function ConsoleLink({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Anchor href={href} target="_blank" rel="noreferrer" inherit underline="always" c="inherit">
      {children}
    </Anchor>
  );
}
