import { Text } from "@mantine/core";
import { formatDuration } from "@/components/duration";
import { RelativeTime } from "@/components/relative-time";
import { RemedyPanel } from "@/components/remedy-panel";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { FreshTestLink } from "../fresh-test-link";
import { TestReport } from "../test-report";
import { ConnectionTestPanel } from "./connection-test-panel";
import { canTest, type Shown, toldAboveOf } from "./shown";
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
  if (!last) return isDue(account) && <Text size="sm">Postkey tests the account soon.</Text>;
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

/** The database clock may be a little ahead. */
const AHEAD_MS = 5 * SECOND_MS;

function isDue(account: Shown["account"]): boolean {
  const { nextTestAt } = account;
  const now = wallTime().getTime();
  return canTest(account) && nextTestAt !== null && nextTestAt.getTime() <= now + AHEAD_MS;
}

function LostReport({ account, provider, asked }: Shown) {
  const { testFailureId, lastTestedAt } = account;
  const isShown = testFailureId !== null && testFailureId !== toldAboveOf(account);
  return (
    <>
      <Text size="sm">
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
