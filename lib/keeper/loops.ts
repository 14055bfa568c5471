import { once } from "node:events";
import type { PgBoss } from "pg-boss";
import { archiveOldEvents } from "@/lib/audit/archive/archive-old-events";
import { lookAtDueMailbox } from "@/lib/checks/closed/mutations";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { deleteOldTestRuns } from "@/lib/checks/runs/store";
import { deleteOldTests } from "@/lib/checks/store";
import { correctStates } from "@/lib/email-accounts/states/mutations";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { subscribe } from "@/lib/kernel/events/hub";
import type { Notice } from "@/lib/kernel/events/schema";
import { log } from "@/lib/kernel/log";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { deleteOldBuckets } from "@/lib/kernel/metrics/store";
import { mintActor } from "@/lib/kernel/mint-actor";
import { deleteOldLetters } from "@/lib/letters/mutations";
import { recheckOne } from "@/lib/people/company/leaving/mutations";
import { rotateDue } from "@/lib/registrations/rotate-client-secret";
import { pollDeviceCodes } from "@/lib/sign-ins/device-code";
import { sendLapsedLinks } from "@/lib/sign-ins/links/letters/mutations";
import { deleteOldAlerts } from "@/lib/watch/alerts/store";
import { deleteOldIncidents } from "@/lib/watch/incidents/store";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { sendDueLetter } from "@/lib/watch/letters/send";
import { enqueueDeliveries, requeueDeliveries, startBoss, startDeliveries } from "./deliveries";
import { type Pause, rest, restUntilWoken, startLoop } from "./loop";
import { POSTKEY } from "./postkey";
import { startScheduledRuns, startTestRuns } from "./test-runs";

const WATCH_MS = 15 * SECOND_MS;
const RETRY_START_MS = 5 * SECOND_MS;
const DRAIN_MS = 5 * SECOND_MS;

/** In its own turns, so that nothing delays a renewal. @returns stops all within seconds */
export function startLoops(): () => Promise<void> {
  const stopping = new AbortController();
  const running = run(stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function run(signal: AbortSignal): Promise<void> {
  const boss = await startWhenPossible(signal);
  if (!boss) return;
  const enqueue = enqueueDeliveries(boss);
  // After a change too, incidents are looked at every two seconds at most.
  const watchPause = untilStatesChange({ shortestMs: 2 * SECOND_MS, longestMs: WATCH_MS });
  const stops = [
    startTestRuns(),
    startScheduledRuns(),
    startLoop("scheduled tests", SECOND_MS, startDueTests),
    startLoop("account states", MINUTE_MS, correctStates),
    startLoop("incidents", watchPause, () => watchIncidents({ enqueue })),
    // One provider at a time, which spares Microsoft Graph.
    startLoop("client secrets", 5 * SECOND_MS, () => rotateDue(POSTKEY)),
    startLoop("closed mailboxes", 5 * SECOND_MS, (end) => lookAtDueMailbox(LOOKS, end)),
    startLoop("device codes", SECOND_MS, () => pollDeviceCodes(POSTKEY)),
    startLoop("company sessions", 15 * SECOND_MS, recheckAll),
    startLoop("audit archive", HOUR_MS, () => archiveWhereTold(signal)),
    startLoop("counters", 10 * SECOND_MS, flushCounters),
    startLoop("letters", SECOND_MS, () => sendNextLetter()),
    startLoop("lapsed sign-ins", MINUTE_MS, () => sendLapsedLinks(POSTKEY)),
    startLoop("waiting deliveries", WATCH_MS, () => requeueDeliveries(boss)),
    startLoop("retention", HOUR_MS, deleteOld),
  ];
  // The signal may have come during the start.
  if (!signal.aborted) await once(signal, "abort");
  await Promise.all(stops.map((stop) => stop()));
  await flushCounters();
  // Unreported jobs expire.
  await boss.stop({ graceful: true, timeout: DRAIN_MS }).catch(() => {});
}

async function recheckAll(): Promise<void> {
  while (await recheckOne());
}

async function archiveWhereTold(signal: AbortSignal): Promise<void> {
  const { auditArchive: folder } = env();
  if (folder !== undefined) await archiveOldEvents({ folder, signal });
}

async function deleteOld(): Promise<void> {
  await deleteOldTests();
  await deleteOldAlerts();
  await deleteOldLetters();
  await deleteOldIncidents();
  await deleteOldTestRuns();
  await deleteOldBuckets();
}

/** The database may start later. */
async function startWhenPossible(signal: AbortSignal): Promise<PgBoss | null> {
  while (!signal.aborted) {
    let boss: PgBoss | undefined;
    try {
      boss = await startBoss();
      await startDeliveries(boss);
      return boss;
    } catch (error) {
      log.error({ error }, "the job library cannot start");
      await boss?.stop({ graceful: false }).catch(() => {});
      await rest(RETRY_START_MS, signal);
    }
  }
  return null;
}

const OF_STATES = new Set<Notice["type"]>(["cloud_provider", "email_account", "test_run"]);

type Waits = {
  shortestMs: number;
  /** Upper bound, because time changes states too. */
  longestMs: number;
};

/** Also hears changes between two waits. */
export function untilStatesChange({ shortestMs, longestMs }: Waits): Pause {
  let changed = new AbortController();
  let unsubscribe: (() => void) | undefined;
  const hear = () =>
    subscribe((event) => {
      if (event === "resync" || OF_STATES.has(event.notice.type)) changed.abort();
    });
  return async (signal) => {
    unsubscribe ??= hear();
    await rest(shortestMs, signal);
    await restUntilWoken(longestMs - shortestMs, changed, signal);
    changed = new AbortController();
    if (signal.aborted) unsubscribe();
  };
}

const LOOKS = mintActor({
  kind: "job",
  id: "closed mailboxes",
  name: "Postkey",
  permissions: new Set(["accounts:test"]),
});

const actor = mintActor({
  kind: "job",
  id: "letters",
  name: "Postkey",
  permissions: new Set(["mail:send"]),
});

export function sendNextLetter(options?: { deadlineMs: number }): Promise<void> {
  return sendDueLetter(actor, options);
}
