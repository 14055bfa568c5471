"use client";

import { Button, Stack } from "@mantine/core";
import { formatDuration } from "@/components/duration";
import { PROTOCOLS } from "@/lib/checks/schema";
import { Conclusion, TEST_FRESH, TestReport } from "./test-report";
import { Stages } from "./test-stages";
import type { ConnectionTestState } from "./use-connection-test";

type ConnectionTestViewProps = {
  state: ConnectionTestState;
  account: { name: string; emailAddress: string };
  onFresh: () => void;
  isPrimary?: boolean;
  toldAbove?: string | null;
};

export function ConnectionTestView(props: ConnectionTestViewProps) {
  const { state, account, onFresh, isPrimary = false, toldAbove = null } = props;
  const { problem, finished, protocols, token, isTokenFresh, comparison, isRunning } = state;
  if (finished && !problem) {
    const reports = PROTOCOLS.flatMap((protocol) => protocols[protocol].report ?? []);
    const { startedAt, durationMs } = finished;
    return (
      <TestReport
        report={{ ...account, startedAt, protocols: reports, token, isTokenFresh, comparison }}
        again={
          <Button size="compact-sm" variant="default" onClick={onFresh}>
            {TEST_FRESH}
          </Button>
        }
        isPrimary={isPrimary}
        toldAbove={toldAbove}
        took={`Took ${formatDuration(durationMs)} in total.`}
      />
    );
  }
  // A test refused because another is running has nothing to show.
  const hasBegun = isRunning || PROTOCOLS.some((protocol) => protocols[protocol].stages.length > 0);
  return (
    <Stack>
      <Conclusion
        text={
          problem ?? (isRunning ? "Testing IMAP, SMTP and POP3 …" : "The test was interrupted.")
        }
        color={problem ? "red" : "gray"}
      />
      {hasBegun && (
        <Stages
          stagesOf={(protocol) => protocols[protocol].stages}
          reportOf={(protocol) => protocols[protocol].report}
        />
      )}
    </Stack>
  );
}
