import { Group, Paper, SimpleGrid, Text, Title } from "@mantine/core";
import { IconCheck, IconCircleDashed, IconX } from "@tabler/icons-react";
import { wayOf, without } from "@/lib/checks/conclusion";
import type { ExplainedProtocol, StageReport } from "@/lib/checks/schema";
import { STAGE_LABELS } from "@/lib/checks/stage-labels";
import { PROTOCOL_NAMES, PROTOCOLS, type Protocol } from "@/lib/egress/protocols/schema";
import { capital } from "@/lib/kernel/text/schema";
import classes from "./test-report.module.css";

type StagesProps = {
  stagesOf: (protocol: Protocol) => StageReport[] | undefined;
  reportOf: (protocol: Protocol) => ExplainedProtocol | undefined;
};

export function Stages({ stagesOf, reportOf }: StagesProps) {
  return (
    <SimpleGrid cols={{ base: 1, sm: 3 }}>
      {PROTOCOLS.map((protocol) => (
        <ProtocolCard
          key={protocol}
          protocol={protocol}
          stages={stagesOf(protocol) ?? []}
          report={reportOf(protocol)}
        />
      ))}
    </SimpleGrid>
  );
}

type ProtocolCardProps = {
  protocol: Protocol;
  stages: StageReport[];
  report: ExplainedProtocol | undefined;
};

function ProtocolCard({ protocol, stages, report }: ProtocolCardProps) {
  return (
    <Paper withBorder p="sm" radius="md" data-protocol={protocol} data-verdict={report?.verdict}>
      <Group justify="space-between" mb="xs" wrap="nowrap">
        <Title order={3} size="h6">
          {report ? capital(wayOf(report)) : PROTOCOL_NAMES[protocol]}
        </Title>
        <Text size="xs" c="dimmed">
          {report ? tookText(report) : "…"}
        </Text>
      </Group>
      <ul className={classes.stages}>
        {stages.map((stage) => (
          <Stage key={stage.stage} stage={stage} />
        ))}
      </ul>
    </Paper>
  );
}

function tookText({ protocol, verdict, totalMs, through }: ExplainedProtocol): string {
  if (verdict === "skipped" && through) return "Not needed";
  if (verdict === "skipped") return without([PROTOCOL_NAMES[protocol]]);
  return `${Math.round(totalMs)} ms`;
}

function Stage({ stage }: { stage: StageReport }) {
  const { stage: name, status, durationMs, detail } = stage;
  return (
    <li className={classes.stage} data-status={status}>
      <StageIcon status={status} />
      <div className={classes.text}>
        <Text component="span">{STAGE_LABELS[name]}</Text>
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
