import { Group, Paper, Stack, Text } from "@mantine/core";
import { formatDuration } from "@/components/duration";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { VerdictBadges } from "@/components/verdict-badges";
import type { ConnectionTestRow, Protocol } from "@/lib/connection-tests/schema";
import classes from "./test-history.module.css";

/** The stored reports, newest first; each unfolds to what failed and how to mend it. */
export function TestHistory({ tests }: { tests: ConnectionTestRow[] }) {
  if (tests.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No test was run yet.
      </Text>
    );
  return (
    <Paper withBorder radius="md">
      {tests.map((test) => (
        <details key={test.id} className={classes.entry}>
          <summary>
            <Group gap="md" component="span" wrap="wrap">
              <VerdictBadges
                imap={verdict(test, "imap")}
                smtp={verdict(test, "smtp")}
                pop3={verdict(test, "pop3")}
              />
              <Text size="sm" component="span">
                <RelativeTime at={test.startedAt} /> by {test.startedByName}
              </Text>
              <Text size="sm" c="dimmed" component="span">
                {formatDuration(test.durationMs)}
              </Text>
            </Group>
          </summary>
          <Stack gap="sm" p="md" pt={0}>
            {test.protocols.map((report) =>
              report.remedy ? (
                <RemedyPanel
                  key={report.protocol}
                  remedy={report.remedy}
                  at={test.startedAt}
                  detail={[
                    report.protocol.toUpperCase(),
                    report.failure?.code,
                    report.failure?.serverText,
                  ]
                    .filter(Boolean)
                    .join(" ")}
                />
              ) : (
                <Text key={report.protocol} size="sm">
                  {report.protocol.toUpperCase()}: {report.stages.length} stages in{" "}
                  {Math.round(report.totalMs)} ms
                </Text>
              ),
            )}
          </Stack>
        </details>
      ))}
    </Paper>
  );
}

function verdict(test: ConnectionTestRow, protocol: Protocol) {
  return test.protocols.find((report) => report.protocol === protocol)?.verdict ?? null;
}
