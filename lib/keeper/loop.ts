import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";

const PAUSE_AFTER_FAULT_MS = 5 * SECOND_MS;

/** Waits for the next turn, or until the loop is stopped. */
export type Pause = (signal: AbortSignal) => Promise<void>;

/**
 * Does something again and again, with a pause; what goes wrong is logged and tried again.
 * @param pause how long, in milliseconds, or what waits
 * @returns what stops it, and waits for the turn that is under way
 */
export function startLoop(
  name: string,
  pause: number | Pause,
  turn: () => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const rest = typeof pause === "number" ? restFor(pause) : pause;
  const restAfterFault = restFor(
    typeof pause === "number" ? Math.max(pause, PAUSE_AFTER_FAULT_MS) : PAUSE_AFTER_FAULT_MS,
  );
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const next = await turn().then(
        () => rest,
        (error: unknown) => {
          log.error({ error, loop: name }, "keeper loop failed");
          return restAfterFault;
        },
      );
      await next(signal);
    }
  }
}

function restFor(durationMs: number): Pause {
  return (signal) => sleep(durationMs, undefined, { signal }).catch(() => {});
}
