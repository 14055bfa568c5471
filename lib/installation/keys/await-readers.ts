import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import { findLateReaders, type KeyUse, type LateReader } from "./queries";

/** It looks at the key file again at each use. */
const LOOKED_AGAIN_MS = SECOND_MS;
const ASK_EVERY_MS = 250;

/** Processes silent for half a minute find out when they wake. @returns those still unable */
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
