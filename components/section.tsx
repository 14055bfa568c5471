import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";

type SectionProps = {
  title: string;
  /** At the end of the heading's line. */
  aside?: ReactNode;
  children: ReactNode;
};

/** A part of a page, with its heading. */
export function Section({ title, aside, children }: SectionProps) {
  return (
    <section>
      <Group justify="space-between" mb="xs">
        <Title order={2} size="h5">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </section>
  );
}
