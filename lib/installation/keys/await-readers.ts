import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import { findLateReaders, type KeyUse, type LateReader } from "./queries";

/** A process that only starts may not have said so: at each use it looks at the key file again soon. */
const LOOKED_AGAIN_MS = SECOND_MS;
const ASK_EVERY_MS = 250;

/**
 * Waits until every web, gateway and keeper that runs can do this with a key. One that gave no sign of life for half
 * a minute is not waited for: it finds out when it wakes up.
 * @returns those that still cannot after `atMostMs`; none when all can
 */
export async function awaitReaders(
  keyId: string,
  use: KeyUse,
  atMostMs: number,
): Promise<LateReader[]> {
  const startedAt = performance.now();
  if (use === "opens") await sleep(LOOKED_AGAIN_MS);
  for (;;) {
    const late = await findLateReaders(keyId, use);
    if (late.length === 0 || performance.now() - startedAt > atMostMs) return late;
    await sleep(ASK_EVERY_MS);
  }
}
