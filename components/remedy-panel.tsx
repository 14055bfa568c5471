import { Alert, Box, Code, Group, Stack, Text } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import type { Remedy } from "@/lib/remedies/remedy";
import { CopyForSupport, CopyIconButton } from "./copy-field";
import { ExternalLink, InlineLink } from "./links";
import { RelativeTime } from "./relative-time";
import classes from "./remedy-panel.module.css";
import { CommandText, RemedySteps, WhoFixesIt } from "./remedy-steps";
import { RepairButtons } from "./repair";
import { routes } from "./routes";
import { whereToRun, whoDoesIt } from "./who-does-it";

type RemedyPanelProps = {
  remedy: Remedy;
  detail?: string | null | undefined;
  at?: Date | null;
  retriesAt?: Date | null;
  isPrimary?: boolean;
};

export function RemedyPanel(props: RemedyPanelProps) {
  const { remedy, detail, at = null, retriesAt = null, isPrimary = false } = props;
  const { id, title, isUnknown = false } = remedy;
  return (
    <Alert
      color={remedy.isWaitedFor ? "yellow" : "red"}
      data-waits={remedy.isWaitedFor}
      variant="outline"
      classNames={{ root: classes.panel, label: classes.title, icon: classes.title }}
      icon={<IconAlertTriangle size={18} />}
      title={title}
      data-remedy={id}
    >
      {retriesAt && (
        <Text fw={600} mb="xs">
          Postkey tries again <RelativeTime at={retriesAt} />.
        </Text>
      )}
      <RemedyBody remedy={remedy} />
      <Box my="xs">
        <RepairButtons
          buttons={remedy.buttons?.filter(({ kind }) => kind !== "show_command")}
          isPrimary={isPrimary}
          isLater={remedy.isWaitedFor === true}
        />
      </Box>
      <Text size="xs" c="dimmed">
        <InlineLink href={routes.remedy(id)}>
          <span className={classes.id}>{id}</span>
        </InlineLink>
      </Text>
      {(detail || isUnknown) && (
        <details className={classes.detail} open={isUnknown}>
          <summary>Server response</summary>
          <Code block mb="xs">
            {supportText({ code: id, detail, at })}
          </Code>
          <CopyForSupport text={supportText({ code: id, detail, at })} />
        </details>
      )}
    </Alert>
  );
}

type RemedyBodyProps = { remedy: Remedy; isForAnyone?: boolean };

/** @param isForAnyone the reader may be unable to sign in */
export function RemedyBody({ remedy, isForAnyone = false }: RemedyBodyProps) {
  const { cause, steps, taken, who, command, link, buttons } = remedy;
  const isWaiting = remedy.isWaitedFor === true;
  return (
    <Stack gap="xs">
      <Text>{cause}</Text>
      <RemedySteps steps={steps} taken={taken} buttons={buttons} />
      {command && <RemedyCommand command={command} />}
      <Text size="xs" c="dimmed">
        {isForAnyone ? (
          whoDoesIt(who, { other: "an administrator of Postkey", isWaiting })
        ) : (
          <WhoFixesIt who={who} buttons={buttons} isWaiting={isWaiting} />
        )}{" "}
        {link && <ExternalLink href={link.url}>{link.label}</ExternalLink>}
      </Text>
    </Stack>
  );
}

type RemedyCommandProps = { command: NonNullable<Remedy["command"]> };

export function RemedyCommand({ command: { shell, text } }: RemedyCommandProps) {
  return (
    <div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {whereToRun(shell)}
        </Text>
        <CopyIconButton label="the command" value={text} />
      </Group>
      <CommandText className={classes.command} text={text} />
    </div>
  );
}

type Failure = { code: Remedy["id"]; detail?: string | null | undefined; at?: Date | null };

/** Code, correlation id, trace id, time and message, for Microsoft's support. */
function supportText({ code, detail, at }: Failure): string {
  const said = detail ?? "";
  const value = (pattern: RegExp) => pattern.exec(said)?.[1];
  const time = value(/Timestamp: (\d{4}-\d\d-\d\d[ T][\d:.]+Z)/i) ?? at?.toISOString();
  const lines = [
    ["Code", code],
    ["Correlation ID", value(/Correlation ID: ([0-9a-f-]{36})/i)],
    ["Trace ID", value(/Trace ID: ([0-9a-f-]{36})/i)],
    ["Time", time],
    ["Message", said.replace(/(?<!\s)\s*Trace ID: .*$/s, "")],
  ];
  return lines.flatMap(([name, text]) => (text ? [`${name}: ${text}`] : [])).join("\n");
}
