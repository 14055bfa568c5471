import { setTimeout as sleep } from "node:timers/promises";
import { findLock } from "@/lib/installation/keys/store";
import { SECOND_MS } from "@/lib/kernel/clock";
import { EnvError } from "@/lib/kernel/env";
import { log } from "@/lib/kernel/log";

/** EX_CONFIG (sysexits.h): the supervisor does not restart it. */
const EXIT_CONFIGURATION = 78;
const ASK_AGAIN_AFTER_MS = 2 * SECOND_MS;

/** A keeper with a wrong key would take every sign-in for broken. */
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
