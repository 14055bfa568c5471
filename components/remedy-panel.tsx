import { Alert, Anchor, Code, Group, List, ListItem, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Remedy } from "@/lib/remedies/remedy";
import { CopyIconButton } from "./copy-field";
import classes from "./remedy-panel.module.css";

const WHO = {
  mailbox_owner: "the owner of the mailbox",
  tenant_administrator: "an administrator of the tenant",
  postkey_administrator: "you, in Postkey",
} as const;

type RemedyPanelProps = { remedy: Remedy; detail?: string | null | undefined };

/** An entry of the error catalogue: what happened, why, what to do, who does it. */
export function RemedyPanel({ remedy, detail }: RemedyPanelProps) {
  return (
    <Alert
      color="red"
      variant="outline"
      classNames={{ root: classes.panel, label: classes.title, icon: classes.title }}
      icon={<IconAlertTriangle size={18} />}
      title={remedy.title}
      data-remedy={remedy.id}
    >
      <RemedyBody remedy={remedy} />
      {detail && (
        <details className={classes.detail}>
          <summary>What the other side said</summary>
          <Code block>{detail}</Code>
        </details>
      )}
    </Alert>
  );
}

export function RemedyBody({ remedy }: { remedy: Remedy }) {
  const { cause, steps, who, command, link, id } = remedy;
  return (
    <Stack gap="xs">
      <Text size="sm">{cause}</Text>
      <List type="ordered" size="sm" spacing={4}>
        {steps.map((step) => (
          <ListItem key={step}>{step}</ListItem>
        ))}
      </List>
      {command && (
        <div>
          <Group justify="space-between" wrap="nowrap">
            <Text size="xs" c="dimmed">
              {command.shell}
            </Text>
            <CopyIconButton label="command" value={command.text} />
          </Group>
          <Code block className={classes.command}>
            {command.text}
          </Code>
        </div>
      )}
      <Text size="xs" c="dimmed">
        To be done by {WHO[who]}.{" "}
        {link && (
          <Anchor
            href={link.url}
            target="_blank"
            rel="noreferrer"
            inherit
            underline="always"
            c="inherit"
          >
            {link.label}
          </Anchor>
        )}{" "}
        <span className={classes.id}>{id}</span>
      </Text>
    </Stack>
  );
}
