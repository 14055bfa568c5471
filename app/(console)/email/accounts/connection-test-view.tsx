import { Button, Stack } from "@mantine/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { formatDuration } from "@/components/duration";
import { followLines } from "@/components/follow-lines";
import type {
  Comparison,
  ExplainedProtocol,
  FullReport,
  StageReport,
  TestEvent,
} from "@/lib/checks/schema";
import { PROTOCOL_NAMES, PROTOCOLS, type Protocol } from "@/lib/egress/protocols/schema";
import { Conclusion, TEST_FRESH, TestReport } from "./test-report";
import { Stages } from "./test-stages";

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
        text={problem ?? (isRunning ? testing(protocols) : "The test was interrupted.")}
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

function testing(protocols: ConnectionTestState["protocols"]): string {
  const tested = PROTOCOLS.filter((each) => protocols[each].report?.verdict !== "skipped");
  const names = tested.map((protocol) => PROTOCOL_NAMES[protocol]);
  return `Testing ${new Intl.ListFormat("en-GB").format(names)} …`;
}

type ConnectionTestState = {
  isRunning: boolean;
  protocols: Record<Protocol, { stages: StageReport[]; report?: ExplainedProtocol }>;
  token: FullReport["token"];
  isTokenFresh: FullReport["isTokenFresh"];
  comparison: Comparison | null;
  finished?: Pick<Extract<TestEvent, { type: "finished" }>, "verdict" | "durationMs" | "state"> & {
    startedAt: Date;
  };
  problem?: string;
};

const IDLE: ConnectionTestState = {
  isRunning: false,
  token: [],
  isTokenFresh: null,
  comparison: null,
  protocols: { imap: { stages: [] }, smtp: { stages: [] }, pop3: { stages: [] } },
};

export function useConnectionTest(emailAccountId: string) {
  const [state, setState] = useState(IDLE);
  const running = useRef<AbortController | null>(null);

  const begin = useCallback(
    (token: "cached" | "fresh") => {
      running.current?.abort();
      const controller = new AbortController();
      running.current = controller;
      setState({ ...IDLE, isRunning: true });
      const update = (change: (state: ConnectionTestState) => ConnectionTestState) => {
        if (!controller.signal.aborted) setState(change);
      };
      const url = `/api/emailAccounts/${emailAccountId}/connectionTest?token=${token}`;
      void followLines<TestEvent>(url, controller.signal, (event) =>
        update((now) => apply(now, event)),
      )
        .catch(() =>
          update((now) => ({ ...now, problem: "Postkey is not responding. Try again." })),
        )
        .finally(() => update((now) => ({ ...now, isRunning: false })));
    },
    [emailAccountId],
  );

  useEffect(() => () => running.current?.abort(), []);

  return { state, restart: () => begin("cached"), restartFresh: () => begin("fresh") };
}

function apply(state: ConnectionTestState, event: TestEvent): ConnectionTestState {
  switch (event.type) {
    case "stage": {
      const { protocol } = event.stage;
      const stages = [...state.protocols[protocol].stages, event.stage];
      return { ...state, protocols: { ...state.protocols, [protocol]: { stages } } };
    }
    case "protocol": {
      const { report } = event;
      const entry = { stages: report.stages, report };
      return { ...state, protocols: { ...state.protocols, [report.protocol]: entry } };
    }
    case "token":
      return { ...state, token: event.needs, isTokenFresh: event.isFresh };
    case "finished": {
      const { verdict, durationMs, state: stands } = event;
      const startedAt = new Date(event.startedAt);
      return { ...state, finished: { verdict, durationMs, state: stands, startedAt } };
    }
    case "comparison": {
      const { goodAt, differences } = event.comparison;
      return { ...state, comparison: { goodAt: new Date(goodAt), differences } };
    }
    case "error":
      return { ...state, problem: event.message };
    default:
      throw new Error(`Unhandled event ${event satisfies never}`);
  }
}
