"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import { followLines } from "@/components/follow-lines";
import type {
  Comparison,
  ExplainedProtocol,
  FullReport,
  Protocol,
  StageReport,
  TestEvent,
} from "@/lib/checks/schema";

export type ConnectionTestState = {
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
