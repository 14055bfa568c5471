import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";

const PAUSE_AFTER_FAULT_MS = 5 * SECOND_MS;

/**
 * Does something again and again, with a pause; what goes wrong is logged and tried again.
 * @returns what stops it, and waits for the turn that is under way
 */
export function startLoop(
  name: string,
  pauseMs: number,
  turn: () => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const waitMs = await turn().then(
        () => pauseMs,
        (error: unknown) => {
          log.error({ error, loop: name }, "keeper loop failed");
          return Math.max(pauseMs, PAUSE_AFTER_FAULT_MS);
        },
      );
      await sleep(waitMs, undefined, { signal }).catch(() => {});
    }
  }
}
