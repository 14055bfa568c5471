import { Group, Title } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./section.module.css";

type SectionProps = {
  title: string;
  id?: string;
  aside?: ReactNode;
  children: ReactNode;
};

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
