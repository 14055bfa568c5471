import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./section.module.css";

type SectionProps = {
  title: string;
  /** What a link of another page leads to. */
  id?: string;
  /** At the end of the heading's line. */
  aside?: ReactNode;
  children: ReactNode;
};

/** A part of a page, with its heading. */
export function Section({ title, id, aside, children }: SectionProps) {
  return (
    <section id={id} className={classes.section}>
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
