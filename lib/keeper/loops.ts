import { once } from "node:events";
import type { PgBoss } from "pg-boss";
import { recheckOne } from "@/lib/access/company/leaving/mutations";
import { archiveOldEvents } from "@/lib/audit/archive/archive-old-events";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { correctStates } from "@/lib/email-accounts/states/mutations";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { env } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { flushCounters } from "@/lib/kernel/metrics/counters";
import { rotateDue } from "@/lib/registrations/rotate-client-secret";
import { pollDeviceCodes } from "@/lib/sign-ins/device-code";
import { sendLapsedLinks } from "@/lib/sign-ins/links/letters/lapsed/send";
import { sampleCaptureLag } from "@/lib/watch/history/mutations";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { startBoss } from "./boss";
import { untilStatesChange } from "./changes";
import { enqueueDeliveries, requeueDeliveries, startDeliveries } from "./deliveries";
import { sendNextLetter } from "./letters";
import { startLoop } from "./loop";
import { POSTKEY } from "./postkey";
import { rest } from "./rest";
import { deleteOld } from "./retention";
import { startScheduledRuns, startTestRuns } from "./test-runs";

const WATCH_MS = 15 * SECOND_MS;
/** Of a look at incidents that a change asks for, after the last one. */
const WATCH_AGAIN_MS = 2 * SECOND_MS;
/** One provider at a time, so that Microsoft Graph is never pressed. */
const ROTATE_MS = 5 * SECOND_MS;
const SCHEDULE_MS = SECOND_MS;
/** Each session says when its company is asked again. */
const COMPANY_SESSIONS_MS = 15 * SECOND_MS;
const ARCHIVE_MS = HOUR_MS;
const COUNTERS_MS = 10 * SECOND_MS;
/** Often enough that no bucket of five minutes goes without. */
const CAPTURE_LAG_MS = MINUTE_MS;
/** Their pace is decided by the rows, for all keepers together. */
const LETTERS_MS = SECOND_MS;
const RETRY_START_MS = 5 * SECOND_MS;
/** Each code says itself how often it may be asked about. */
const DEVICE_CODES_MS = SECOND_MS;
/** What a delivery under way is given to end; the job is in line again otherwise. */
const DRAIN_MS = 5 * SECOND_MS;

/**
 * What the keeper does beside renewing tokens: incidents, alerts, tests by schedule and in runs of many,
 * renewing client secrets, retention. It has its own turns, so that none of this ever delays a renewal.
 *
 * @returns what stops all loops within seconds
 */
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
  // The signal to stop may have come during the start, and does not come twice.
  if (!signal.aborted) await once(signal, "abort");
  await Promise.all(stops.map((stop) => stop()));
  await flushCounters();
  // What it cannot say any more, as without a database, is found out by the expiry of its jobs.
  await boss.stop({ graceful: true, timeout: DRAIN_MS }).catch(() => {});
}

/** One after the other, until none is due. */
async function recheckAll(): Promise<void> {
  while (await recheckOne());
}

async function archiveWhereTold(signal: AbortSignal): Promise<void> {
  const { auditArchive: folder } = env();
  if (folder !== undefined) await archiveOldEvents({ folder, signal });
}

/** The database may come later than the keeper. */
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
