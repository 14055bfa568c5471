import { Box, Group, Stack, Text, Title } from "@mantine/core";
import type { Route } from "next";
import type { ReactNode } from "react";
import { BackLink } from "./links";
import { Toasts } from "./notify";
import classes from "./page.module.css";
import { TabTitle } from "./tab-title";

type PageProps = {
  title: string;
  description?: ReactNode;
  parent?: { href: Route; label: string };
  actions?: ReactNode;
  footer?: ReactNode;
  width?: "form" | "full";
  children: ReactNode;
};

export function Page(props: PageProps) {
  const { title, description, parent, actions, footer, width = "full", children } = props;
  return (
    <>
      <TabTitle>{title}</TabTitle>
      <Box className={classes.content} data-width={width}>
        <Group justify="space-between" align="flex-end" mb="sm" gap="md" className={classes.head}>
          <Stack gap={2} maw="100%" className={classes.heading}>
            <BackLink {...(parent && { parent })} className={classes.parent} />
            <Title order={1} size="h2" className={classes.title}>
              {title}
            </Title>
            {description && (
              <Text component="div" c="dimmed" className={classes.description}>
                {description}
              </Text>
            )}
          </Stack>
          {actions && <div className={classes.actions}>{actions}</div>}
        </Group>
        {children}
      </Box>
      <Toasts />
      {footer && <div className={classes.footer}>{footer}</div>}
    </>
  );
}

type SectionProps = { title: string; id?: string; aside?: ReactNode; children: ReactNode };

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
