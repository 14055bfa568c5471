import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { setScheduleRight } from "@/lib/email-accounts/test-schedule/store";
import { beat, forgetHeartbeat } from "@/lib/installation/keepers/store";
import { followKey } from "@/lib/installation/keys/follow";
import { findLock } from "@/lib/installation/keys/store";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { EnvError } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";
import { expectTurns, giveSignsOfLife } from "@/lib/kernel/sign-of-life";
import { endInTime, stopWithSupervisor } from "@/lib/kernel/supervisor";
import { releaseLeases, setTokensRight } from "@/lib/sign-ins/tokens/leases/store";
import { setIncidentsRight } from "@/lib/watch/incidents/store";
import { startCapture } from "./capture";
import { startLoop } from "./loop";
import { startLoops } from "./loops";
import { Refresher } from "./refresher";
import { tidyUp } from "./tidy-up";

/** Apart from the web, so that a hung console lets no token lapse; any number may run. */
const POLL_MS = 2 * SECOND_MS;
/** Killed after ten; unanswered requests are repeated after their lease. */
const DRAIN_MS = 8 * SECOND_MS;
/** Far beyond a turn on a slow database. */
const LONGEST_TURN_MS = 2 * MINUTE_MS;
/** EX_CONFIG (sysexits.h): the supervisor does not restart it. */
const EXIT_CONFIGURATION = 78;
const ASK_KEY_AGAIN_MS = 2 * SECOND_MS;
const SET_TIMES_EVERY_MS = 15 * SECOND_MS;

const keeperId = `keeper-${randomUUID()}`;
const refresher = new Refresher(keeperId);
const stopping = new AbortController();
let timesSetAt = Number.NEGATIVE_INFINITY;

stopping.signal.addEventListener("abort", endInTime);
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
// Node would print everything attached to the error. The supervisor restarts it.
process.once("uncaughtException", (error) => {
  log.fatal({ error }, "keeper ends: uncaught error");
  process.exit(1);
});
stopWithSupervisor(() => stopping.abort());

giveSignsOfLife();
await requireKey();
const unfollowKey = followKey("keeper");
const stopLoops = startLoops();
const stopCapture = startCapture(keeperId);
log.info({ keeperId }, "keeper started");
const turnEnded = expectTurns("keeper", LONGEST_TURN_MS);
const pause = (signal: AbortSignal) => refresher.untilFree(POLL_MS, signal);
const stopTurns = startLoop("renewals", pause, () => turn().finally(turnEnded));
// The signal may have come during the start.
if (!stopping.signal.aborted) await once(stopping.signal, "abort");
await stopTurns();
await drain();

/** A keeper with a wrong key would take every sign-in for broken. */
async function requireKey(): Promise<void> {
  for (;;) {
    const lock = await askForLock();
    if (lock === null) return;
    if (lock !== undefined) {
      log.fatal(`The keeper does not start. ${lock}`);
      process.exit(EXIT_CONFIGURATION);
    }
    await sleep(ASK_KEY_AGAIN_MS);
  }
}

/** Undefined: no answer. */
async function askForLock(): Promise<string | null | undefined> {
  try {
    return await findLock();
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    log.error({ error }, "the key could not be checked yet");
    return undefined;
  }
}

async function turn(): Promise<void> {
  await beat(keeperId);
  await setTimesRight();
  await refresher.fill();
  await tidyUp();
}

/** For rows found in index order; leases, pauses and heartbeats check the future themselves. */
async function setTimesRight(): Promise<void> {
  if (elapsed() - timesSetAt < SET_TIMES_EVERY_MS) return;
  timesSetAt = elapsed();
  await setTokensRight();
  await setScheduleRight();
  await setIncidentsRight();
}

async function drain(): Promise<void> {
  // Answers under way bring new tokens, which must be stored.
  await Promise.all([
    refresher.settle(DRAIN_MS),
    Promise.race([Promise.all([stopLoops(), stopCapture()]).then(unfollowKey), sleep(DRAIN_MS)]),
  ]);
  await releaseLeases(keeperId).catch(() => {});
  await forgetHeartbeat(keeperId).catch(() => {});
  await db().$disconnect();
  await pool()
    .end()
    .catch(() => {});
  log.info({ keeperId }, "keeper stopped");
  process.exit(0);
}
