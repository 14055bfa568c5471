import { Group, Paper, Stack, Text } from "@mantine/core";
import { Badge, VerdictBadges } from "@/components/badge";
import { formatDuration } from "@/components/duration";
import { Fold } from "@/components/fold";
import { LinkButton } from "@/components/links";
import { SectionPages } from "@/components/list-footer";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { routes } from "@/components/routes";
import { StateHistory } from "@/components/state-history";
import { conclude } from "@/lib/checks/conclusion";
import type { ConnectionTestRow } from "@/lib/checks/queries";
import { listConnectionTests } from "@/lib/checks/queries";
import type { Protocol } from "@/lib/egress/protocols/schema";

import { wallTime } from "@/lib/kernel/clock";
import { readPosition } from "@/lib/kernel/sections/schema";
import { listAccountHistory } from "@/lib/watch/state-changes/queries";
import { NextSteps } from "../next-steps";
import { FreshTestLink, PASSED_SINCE, TestReport } from "../test-report";
import { ConnectionTestPanel } from "./connection-test-panel";
import { canTest, type Shown, toldAboveOf } from "./shown";
import classes from "./test-history.module.css";
import { inboxNames, remedyOf } from "./what-to-do";

export function Connection(shown: Shown) {
  const { account, last, isTested, asked } = shown;
  const { id, name, emailAddress } = account;
  const isLost = !last && account.state === "test_failed";
  return (
    <ConnectionTestPanel
      id={id}
      name={name}
      emailAddress={emailAddress}
      startsAtOnce={isTested}
      isLater={asked === "answer" || asked === "repair"}
      hasFailed={asked === "repair_what_test_found"}
      toldAbove={toldAboveOf(account)}
      last={isLost ? <LostReport {...shown} /> : <LastTest {...shown} />}
    />
  );
}

function LastTest({ account, last, asked }: Shown) {
  if (!last) return isDue(account) && <Text>Postkey tests the account soon.</Text>;
  return (
    <TestReport
      report={last}
      isPrimary={asked === "repair_what_test_found"}
      toldAbove={toldAboveOf(account)}
      again={<FreshTestLink emailAccountId={account.id} />}
      took={
        <>
          Tested <RelativeTime at={last.startedAt} /> by {last.startedByName}. Took{" "}
          {formatDuration(last.durationMs)} in total.
        </>
      }
    />
  );
}

function isDue(account: Shown["account"]): boolean {
  const { nextTestAt } = account;
  return canTest(account) && nextTestAt !== null && nextTestAt <= wallTime();
}

function LostReport({ account, provider, asked }: Shown) {
  const { testFailureId, lastTestedAt } = account;
  const isShown = testFailureId !== null && testFailureId !== toldAboveOf(account);
  return (
    <>
      <Text>
        The last test failed
        {lastTestedAt && (
          <>
            {" "}
            <RelativeTime at={lastTestedAt} />
          </>
        )}
        . Its report is no longer stored. Test again to see every step.
      </Text>
      {isShown && (
        <RemedyPanel
          remedy={remedyOf(testFailureId, provider, inboxNames(account, provider))}
          isPrimary={asked === "repair_what_test_found"}
        />
      )}
    </>
  );
}

export async function Tests({ actor, account, place }: Shown) {
  const position = readPosition(place.parameters, "tests");
  const tests = await listConnectionTests(actor, account.id, position);
  return (
    <Section title="Tests">
      <PastTests emailAccountId={account.id} tests={tests.rows} />
      <SectionPages list={tests} place={place} section="tests" noun="test" />
    </Section>
  );
}

export async function History({ actor, account, place }: Shown) {
  const position = readPosition(place.parameters, "history");
  const history = await listAccountHistory(actor, account.id, position);
  return (
    <Section title="History">
      <StateHistory rows={history.rows} />
      <SectionPages list={history} place={place} section="history" noun="change" />
    </Section>
  );
}

type PastTestsProps = { emailAccountId: string; tests: ConnectionTestRow[] };

function PastTests({ emailAccountId, tests }: PastTestsProps) {
  if (tests.length === 0) return <Text c="dimmed">No tests yet.</Text>;
  return (
    <Paper withBorder radius="md">
      {tests.map((test) => (
        <Fold
          key={test.id}
          className={classes.entry}
          summary={
            <Group gap="md" component="span" wrap="wrap">
              {test.protocols.some(hasNoToken) && (
                <Badge size="sm" tint="red" icon="x">
                  Sign-in failed
                </Badge>
              )}
              <VerdictBadges
                imap={verdict(test, "imap")}
                smtp={verdict(test, "smtp")}
                pop3={verdict(test, "pop3")}
                sendsBy={throughOf(test, "smtp") ?? "smtp"}
                readsBy={throughOf(test, "imap") ?? "imap"}
              />
              <Text component="span">
                <RelativeTime at={test.startedAt} /> by {test.startedByName}
              </Text>
              <Text c="dimmed" component="span">
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
      <Text>
        {text} {test.passedSince && PASSED_SINCE}
      </Text>
      {!test.passedSince && <NextSteps steps={steps} />}
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

const reportOf = ({ protocols }: ConnectionTestRow, protocol: Protocol) =>
  protocols.find((each) => each.protocol === protocol);
const throughOf = (test: ConnectionTestRow, protocol: Protocol) =>
  reportOf(test, protocol)?.through;

function verdict(test: ConnectionTestRow, protocol: Protocol) {
  const report = reportOf(test, protocol);
  if (!report) return null;
  return hasNoToken(report) ? null : report.verdict;
}

/** So no sign-in was tried at the mail server; a token for Graph alone is a matter of its consent. */
function hasNoToken({ stages, through }: ConnectionTestRow["protocols"][number]): boolean {
  const isRefused = stages.some(({ stage, status }) => stage === "token" && status === "failed");
  return isRefused && through === undefined;
}
