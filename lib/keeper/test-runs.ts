import { setTimeout as sleep } from "node:timers/promises";
import { testConnection } from "@/lib/checks/run";
import {
  type ClaimedItem,
  claimItems,
  endItem,
  findCancelled,
  type RunKind,
  settleRuns,
} from "@/lib/checks/runs/store";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { elapsed, SECOND_MS } from "@/lib/kernel/clock";
import { isPassingDatabaseError } from "@/lib/kernel/database-errors";
import { env } from "@/lib/kernel/env";
import { unlessGone } from "@/lib/kernel/errors";
import { LEASES } from "@/lib/kernel/leases";
import { log } from "@/lib/kernel/log";
import { mintActor } from "@/lib/kernel/mint-actor";
import { giveBackLater } from "@/lib/kernel/until-stored";
import { startLoop } from "./loop";

const POLL_MS = SECOND_MS / 2;
/** To see stops and update pages. */
const SETTLE_MS = SECOND_MS;
/** One query per place would cost more than a short wait. */
const REFILL_SHARE = 0.25;

const PUT_BACK = { state: "pending" } as const;

/** `atOnce` for all keepers together. @returns stops; tests under way are queued again */
export function startTestRuns(atOnce = env().testsAtOnce): () => Promise<void> {
  return start("test runs", { scheduled: false, atOnce });
}

/** `atOnce` per keeper. */
export function startScheduledRuns(atOnce = env().testParallelism): () => Promise<void> {
  return start("scheduled runs", { scheduled: true, atOnce });
}

function start(name: string, { scheduled, atOnce }: RunKind & { atOnce: number }) {
  const stopping = new AbortController();
  const running = new Map<Promise<void>, { testRunId: string; stop: AbortController }>();
  const isStopping = () => stopping.signal.aborted;
  let claimedAt = Number.NEGATIVE_INFINITY;

  async function fill(): Promise<boolean> {
    const free = atOnce - running.size;
    const isEnough = free >= atOnce * REFILL_SHARE || elapsed() - claimedAt >= POLL_MS;
    if (free === 0 || !isEnough) return false;
    claimedAt = elapsed();
    for (const item of await claimItems(scheduled ? free : atOnce, { scheduled })) begin(item);
    return running.size === 0;
  }

  function begin(item: ClaimedItem): void {
    const stop = new AbortController();
    if (isStopping()) stop.abort();
    const test = testItem(item, { signal: stop.signal, isOneOfMany: !scheduled })
      .then((ending) =>
        endItem(item, isStopping() && ending.state === "skipped" ? PUT_BACK : ending),
      )
      .catch((error: unknown) => brokeOff(item, error))
      .finally(() => running.delete(test));
    running.set(test, { testRunId: item.testRunId, stop });
  }

  async function stopCancelled(): Promise<void> {
    const runs = [...running.values()];
    const cancelled = await findCancelled([...new Set(runs.map(({ testRunId }) => testRunId))]);
    for (const { testRunId, stop } of runs) if (cancelled.has(testRunId)) stop.abort();
  }

  async function turn(): Promise<void> {
    let settledAt = Number.NEGATIVE_INFINITY;
    while (!isStopping()) {
      if (elapsed() - settledAt > SETTLE_MS) {
        settledAt = elapsed();
        await stopCancelled();
        if (!(await settleRuns({ scheduled }))) return;
      }
      if (await fill()) settledAt = Number.NEGATIVE_INFINITY;
      await Promise.race([sleep(POLL_MS), ...running.keys()]);
    }
  }

  const stopLoop = startLoop(name, POLL_MS, turn);
  return async () => {
    stopping.abort();
    for (const { stop } of running.values()) stop.abort();
    await stopLoop();
    await Promise.all(running.keys());
  };
}

/** Probably the database: queued again when it answers, or after its lease. */
function brokeOff(item: ClaimedItem, error: unknown): void {
  log.warn({ error, ...item }, "test of a run broke off");
  if (isPassingDatabaseError(error))
    giveBackLater(() => endItem(item, PUT_BACK), LEASES.connectionTest.ms);
}

/** Under the name of the run's starter. */
async function testItem(item: ClaimedItem, options: { signal: AbortSignal; isOneOfMany: boolean }) {
  const { emailAccountId, connectionTestId, startedByName: name, startedAt } = item;
  const permissions = new Set(["accounts:test"] as const);
  const actor = mintActor({ kind: "job", id: "test-runs", name, permissions });
  const account = await findMailboxAccount(actor, emailAccountId).catch(unlessGone);
  const outcome =
    account &&
    (await testConnection(actor, account, {
      ...options,
      renewsFirst: item.freshTokens,
      answersSince: startedAt,
      connectionTestId,
    }));
  if (!outcome) return { state: "skipped" } as const;
  const { verdict: state, failureId, durationMs } = outcome;
  return { state, failureId, durationMs };
}
