"use client";

import { Alert, Group, Loader, Paper, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconX } from "@tabler/icons-react";
import { formatDuration } from "@/components/duration";
import { RemedyPanel } from "@/components/remedy-panel";
import type { Protocol, StageReport } from "@/lib/connection-tests/schema";
import classes from "./connection-test-view.module.css";
import type { ConnectionTestState } from "./use-connection-test";

const NAMES = { imap: "IMAP", smtp: "SMTP", pop3: "POP3" } as const;
const ORDER: readonly Protocol[] = ["imap", "smtp", "pop3"];

export const STAGE_LABELS: Readonly<Record<StageReport["stage"], string>> = {
  resolve: "Find the host",
  connect: "Connect",
  tls: "Secure the connection",
  greeting: "Greeting and capabilities",
  token: "Get the credential",
  authenticate: "Sign in",
  mailbox: "Open the mailbox",
  sender: "Accept the sender",
};

/** The conclusion first, what to do second, then the stages of each protocol as they end. */
export function ConnectionTestView({ state }: { state: ConnectionTestState }) {
  const failed = ORDER.map((protocol) => state.protocols[protocol].report).filter(
    (report) => report?.remedy,
  );
  return (
    <Stack>
      <Conclusion state={state} />
      {distinct(failed).map(({ report, protocols }) =>
        report.remedy ? (
          <div key={report.remedy.id}>
            <Text size="sm" fw={600} mb={4}>
              {protocols.join(", ")}
            </Text>
            <RemedyPanel remedy={report.remedy} detail={serverSaid(report.failure)} />
          </div>
        ) : null,
      )}
      <SimpleGrid cols={{ base: 1, sm: 3 }}>
        {ORDER.map((protocol) => (
          <ProtocolCard key={protocol} protocol={protocol} state={state} />
        ))}
      </SimpleGrid>
    </Stack>
  );
}

function Conclusion({ state }: { state: ConnectionTestState }) {
  const text = conclusion(state);
  const color = colorOf(state);
  return (
    <Alert color={color} role="status" aria-live="polite" title={text}>
      {state.finished && (
        <Text size="sm">Took {formatDuration(state.finished.durationMs)} in all.</Text>
      )}
    </Alert>
  );
}

function conclusion({ problem, finished, protocols, isRunning }: ConnectionTestState): string {
  if (problem) return problem;
  if (!finished) return isRunning ? "Testing IMAP, SMTP and POP3 …" : "Not tested yet.";
  const names = (isOk: boolean) =>
    ORDER.filter((protocol) => (protocols[protocol].report?.verdict === "ok") === isOk).map(
      (protocol) => NAMES[protocol],
    );
  const words = new Intl.ListFormat("en", { type: "conjunction" });
  const [works, fails] = [names(true), names(false)];
  if (fails.length === 0) return "IMAP, SMTP and POP3 work.";
  if (works.length === 0) return "IMAP, SMTP and POP3 do not work.";
  return `${words.format(fails)} ${fails.length === 1 ? "does" : "do"} not work. ${words.format(works)} ${works.length === 1 ? "works" : "work"}.`;
}

function colorOf({ problem, finished }: ConnectionTestState): string {
  if (problem) return "red";
  if (!finished) return "gray";
  return finished.verdict === "ok" ? "teal" : "red";
}

function ProtocolCard({ protocol, state }: { protocol: Protocol; state: ConnectionTestState }) {
  const { stages, report } = state.protocols[protocol];
  const isWaiting = state.isRunning && !report;
  return (
    <Paper withBorder p="sm" radius="md" data-protocol={protocol} data-verdict={report?.verdict}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Title order={3} size="h6">
          {NAMES[protocol]}
        </Title>
        {isWaiting && <Loader size={14} aria-label={`Testing ${NAMES[protocol]}`} />}
        {report && (
          <Text size="xs" c="dimmed">
            {Math.round(report.totalMs)} ms
          </Text>
        )}
      </Group>
      <ul className={classes.stages}>
        {stages.map((stage) => (
          <Stage key={stage.stage} stage={stage} />
        ))}
      </ul>
    </Paper>
  );
}

function Stage({ stage }: { stage: StageReport }) {
  const { stage: name, status, durationMs, detail } = stage;
  return (
    <li className={classes.stage} data-status={status}>
      <StageIcon status={status} />
      <div className={classes.text}>
        <Text size="sm" component="span">
          {STAGE_LABELS[name]}
        </Text>
        {detail && (
          <Text size="xs" c="dimmed" className={classes.detail}>
            {detail}
          </Text>
        )}
      </div>
      {status !== "skipped" && (
        <Text size="xs" c="dimmed" className={classes.time}>
          {Math.round(durationMs)} ms
        </Text>
      )}
    </li>
  );
}

function StageIcon({ status }: { status: StageReport["status"] }) {
  if (status === "ok")
    return <IconCheck size={16} color="var(--mantine-color-teal-filled)" aria-label="passed" />;
  if (status === "failed")
    return <IconX size={16} color="var(--mantine-color-red-filled)" aria-label="failed" />;
  return <IconCircleDashed size={16} opacity={0.5} aria-label="not reached" />;
}

type Report = NonNullable<ConnectionTestState["protocols"][Protocol]["report"]>;

/** One cause is told once, whatever protocols it stops. */
function distinct(reports: (Report | undefined)[]) {
  const byRemedy = new Map<string, { report: Report; protocols: string[] }>();
  for (const report of reports) {
    if (!report?.remedy) continue;
    const known = byRemedy.get(report.remedy.id);
    if (known) known.protocols.push(NAMES[report.protocol]);
    else byRemedy.set(report.remedy.id, { report, protocols: [NAMES[report.protocol]] });
  }
  return [...byRemedy.values()];
}

function serverSaid(failure: Report["failure"]): string | undefined {
  return [failure?.code, failure?.serverText].filter(Boolean).join(" ") || undefined;
}
