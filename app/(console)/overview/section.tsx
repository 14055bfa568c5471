import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

type SectionProps = { title: string; aside?: ReactNode; children: ReactNode };

/** A part of the Overview under its own heading. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section>
      <Group justify="space-between" align="center" mb="xs" mih={36}>
        <Title order={2} size="h4">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
