import { setTimeout as sleep } from "node:timers/promises";
import { findLock } from "@/lib/installation/keys/store";
import { SECOND_MS } from "@/lib/kernel/clock";
import { EnvError } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";

/** No restart will help: EX_CONFIG of sysexits.h. The supervisor leaves it at that. */
const EXIT_CONFIGURATION = 78;
const ASK_AGAIN_AFTER_MS = 2 * SECOND_MS;

/**
 * Waits for the database, and ends the process when the key does not open it: a keeper with a wrong
 * key could only take every sign-in for broken.
 */
export async function requireKey(): Promise<void> {
  for (;;) {
    const lock = await askForLock();
    if (lock === null) return;
    if (lock !== undefined) {
      log.fatal(`The keeper does not start. ${lock}`);
      process.exit(EXIT_CONFIGURATION);
    }
    await sleep(ASK_AGAIN_AFTER_MS);
  }
}

/** Undefined while the database does not answer. */
async function askForLock(): Promise<string | null | undefined> {
  try {
    return await findLock();
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    log.error({ error }, "the key could not be checked yet");
    return undefined;
  }
}
