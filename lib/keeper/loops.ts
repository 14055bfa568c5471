import { once } from "node:events";
import type { PgBoss } from "pg-boss";
import { archiveOldEvents } from "@/lib/audit/archive/archive-old-events";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { deleteOldTestRuns } from "@/lib/checks/runs/store";
import { deleteOldTests } from "@/lib/checks/store";
import { correctStates } from "@/lib/email-accounts/states/mutations";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { deleteOldBuckets } from "@/lib/kernel/metrics/store";
import { deleteOldLetters } from "@/lib/letters/mutations";
import { recheckOne } from "@/lib/people/company/leaving/mutations";
import { rotateDue } from "@/lib/registrations/rotate-client-secret";
import { pollDeviceCodes } from "@/lib/sign-ins/device-code";
import { sendLapsedLinks } from "@/lib/sign-ins/links/letters/lapsed/send";
import { deleteOldAlerts } from "@/lib/watch/alerts/store";
import { sampleCaptureLag } from "@/lib/watch/history/mutations";
import { deleteOldIncidents } from "@/lib/watch/incidents/store";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { startBoss } from "./boss";
import { untilStatesChange } from "./changes";
import { enqueueDeliveries, requeueDeliveries, startDeliveries } from "./deliveries";
import { sendNextLetter } from "./letters";
import { startLoop } from "./loop";
import { POSTKEY } from "./postkey";
import { rest } from "./rest";
import { startScheduledRuns, startTestRuns } from "./test-runs";

const WATCH_MS = 15 * SECOND_MS;
/** The shortest pause after a change. */
const WATCH_AGAIN_MS = 2 * SECOND_MS;
/** One provider at a time, which spares Microsoft Graph. */
const ROTATE_MS = 5 * SECOND_MS;
const SCHEDULE_MS = SECOND_MS;
/** Each session has its own due time. */
const COMPANY_SESSIONS_MS = 15 * SECOND_MS;
const ARCHIVE_MS = HOUR_MS;
const COUNTERS_MS = 10 * SECOND_MS;
/** Fills each bucket of five minutes. */
const CAPTURE_LAG_MS = MINUTE_MS;
/** Rows set the pace for all keepers. */
const LETTERS_MS = SECOND_MS;
const RETRY_START_MS = 5 * SECOND_MS;
/** Each code has its own interval. */
const DEVICE_CODES_MS = SECOND_MS;
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
  const stops = [
    startTestRuns(),
    startScheduledRuns(),
    startLoop("scheduled tests", SCHEDULE_MS, startDueTests),
    startLoop("account states", MINUTE_MS, correctStates),
    startLoop(
      "incidents",
      untilStatesChange({ shortestMs: WATCH_AGAIN_MS, longestMs: WATCH_MS }),
      () => watchIncidents({ enqueue }),
    ),
    startLoop("client secrets", ROTATE_MS, () => rotateDue(POSTKEY)),
    startLoop("device codes", DEVICE_CODES_MS, () => pollDeviceCodes(POSTKEY)),
    startLoop("company sessions", COMPANY_SESSIONS_MS, recheckAll),
    startLoop("audit archive", ARCHIVE_MS, () => archiveWhereTold(signal)),
    startLoop("counters", COUNTERS_MS, flushCounters),
    startLoop("capture lag", CAPTURE_LAG_MS, sampleCaptureLag),
    startLoop("letters", LETTERS_MS, sendNextLetter),
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
