"use client";

import { Group } from "@mantine/core";
import { createContext, Fragment, type ReactNode, useContext, useState } from "react";
import { Badge } from "@/components/badge";
import { StateBadge } from "@/components/state-badge";
import type { AccountState } from "@/lib/email-accounts/schema";
import type { RefusedState } from "@/lib/remedies/remedy";

type Shown = AccountState | RefusedState;
type Standing = {
  state: Shown;
  /** A test on this page found that it works; the rest of the page still says otherwise. */
  worksNow: boolean;
  tell: (state: Shown) => void;
};

const WORKS: ReadonlySet<Shown> = new Set<Shown>(["connected", "password"]);

const StandingContext = createContext<Standing | null>(null);

type AccountStandingProps = {
  state: Shown;
  lastTestedAt: Date | null;
  children: ReactNode;
};

/** The state as a test on this page found it, until the page is loaded again. */
export function AccountStanding({ state, lastTestedAt, children }: AccountStandingProps) {
  const loaded = `${state} ${lastTestedAt?.getTime()}`;
  const [told, setTold] = useState<{ state: Shown; loaded: string } | null>(null);
  const isTold = told?.loaded === loaded;
  const shown = isTold ? told.state : state;
  const worksNow = isTold && WORKS.has(shown);
  const tell = (found: Shown) => setTold({ state: found, loaded });
  return <StandingContext value={{ state: shown, worksNow, tell }}>{children}</StandingContext>;
}

export function useTellStanding(): Standing["tell"] | undefined {
  return useContext(StandingContext)?.tell;
}

export function UntilItWorks({ children }: { children: ReactNode }) {
  return useContext(StandingContext)?.worksNow ? null : children;
}

type StandingLineProps = { accountKey: string; children: ReactNode };

export function StandingLine({ accountKey, children }: StandingLineProps) {
  const standing = useContext(StandingContext);
  return (
    <Group gap="xs" mt={6}>
      <Badge tint="indigo">{accountKey}</Badge>
      {standing && <StateBadge state={standing.state} />}
      <span>{children}</span>
    </Group>
  );
}

type FactsAndConnectionProps = {
  /** As the page was opened: a test that ends here moves nothing. */
  hasFailed: boolean;
  facts: ReactNode;
  connection: ReactNode;
};

export function FactsAndConnection({ hasFailed, facts, connection }: FactsAndConnectionProps) {
  const [isConnectionFirst] = useState(hasFailed);
  const first = <Fragment key="connection">{connection}</Fragment>;
  const second = <Fragment key="facts">{facts}</Fragment>;
  return isConnectionFirst ? [first, second] : [second, first];
}
