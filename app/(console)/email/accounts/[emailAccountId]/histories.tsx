import { Group, Paper, Stack, Text } from "@mantine/core";
import { formatDuration } from "@/components/duration";
import { Fold } from "@/components/fold";
import { LinkButton } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { Section } from "@/components/section";
import { StateHistory } from "@/components/state-history";
import { VerdictBadges } from "@/components/verdict-badges";
import { conclude } from "@/lib/checks/conclusion";
import { listConnectionTests } from "@/lib/checks/queries";
import type { ConnectionTestRow, Protocol } from "@/lib/checks/schema";
import { readPosition } from "@/lib/kernel/sections/schema";
import { listAccountHistory } from "@/lib/watch/state-changes/queries";
import { NextSteps } from "../next-steps";
import type { Shown } from "./shown";
import classes from "./test-history.module.css";

export async function Tests({ actor, account, parameters }: Shown) {
  const tests = await listConnectionTests(actor, account.id, readPosition(parameters, "tests"));
  return (
    <Section title="Tests">
      <TestHistory emailAccountId={account.id} tests={tests.rows} />
      <SectionPages
        list={tests}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="tests"
        noun={{ one: "test", many: "tests" }}
      />
    </Section>
  );
}

export async function History({ actor, account, parameters }: Shown) {
  const history = await listAccountHistory(actor, account.id, readPosition(parameters, "history"));
  return (
    <Section title="History">
      <StateHistory rows={history.rows} />
      <SectionPages
        list={history}
        path={routes.emailAccount(account.id)}
        parameters={parameters}
        section="history"
        noun={{ one: "change", many: "changes" }}
      />
    </Section>
  );
}

type TestHistoryProps = { emailAccountId: string; tests: ConnectionTestRow[] };

function TestHistory({ emailAccountId, tests }: TestHistoryProps) {
  if (tests.length === 0)
    return (
      <Text size="sm" c="dimmed">
        No tests yet.
      </Text>
    );
  return (
    <Paper withBorder radius="md">
      {tests.map((test) => (
        <Fold
          key={test.id}
          className={classes.entry}
          summary={
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
          }
        >
          <Outcome emailAccountId={emailAccountId} test={test} />
        </Fold>
      ))}
    </Paper>
  );
}

function Outcome({ emailAccountId, test }: { emailAccountId: string; test: ConnectionTestRow }) {
  const { text, steps } = conclude(test.protocols);
  return (
    <Stack gap="sm" p="md" pt={0}>
      <Text size="sm">{text}</Text>
      <NextSteps steps={steps} />
      <LinkButton
        href={routes.connectionTest(emailAccountId, test.id)}
        variant="default"
        size="compact-sm"
        w="fit-content"
      >
        Full report
      </LinkButton>
    </Stack>
  );
}

function verdict(test: ConnectionTestRow, protocol: Protocol) {
  return test.protocols.find((report) => report.protocol === protocol)?.verdict ?? null;
}
