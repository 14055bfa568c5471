import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/clock";
import { db, pool } from "@/lib/db";
import { log } from "@/lib/log";
import { releaseLeases } from "@/lib/tokens/store";
import { refreshDue } from "./refresh-due";
import { requireKey } from "./require-key";
import { beat, forgetHeartbeat } from "./store";
import { tidyUp } from "./tidy-up";

/**
 * The keeper: keeps tokens alive, apart from the web, so that a hung or restarting console never
 * lets one lapse. Any number may run; the rows decide who does what.
 */
const POLL_MS = 2 * SECOND_MS;
const PAUSE_AFTER_FAULT_MS = 5 * SECOND_MS;

const keeperId = `keeper-${randomUUID()}`;
const stopping = new AbortController();

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => stopping.abort());
// The supervisor's end closes the pipe, however it ended.
process.stdin.once("end", () => stopping.abort()).resume();

await requireKey();
log.info({ keeperId }, "keeper started");
while (!stopping.signal.aborted) {
  const pauseMs = await turn();
  await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
}
await drain();

async function turn(): Promise<number> {
  try {
    await beat(keeperId);
    const refreshed = await refreshDue(keeperId);
    await tidyUp();
    return refreshed > 0 ? 0 : POLL_MS;
  } catch (error) {
    log.error({ error }, "keeper turn failed");
    return PAUSE_AFTER_FAULT_MS;
  }
}

async function drain(): Promise<void> {
  await releaseLeases(keeperId).catch(() => {});
  await forgetHeartbeat(keeperId).catch(() => {});
  await db().$disconnect();
  await pool()
    .end()
    .catch(() => {});
  log.info({ keeperId }, "keeper stopped");
  process.exit(0);
}
