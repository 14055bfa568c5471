import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { rest } from "./rest";

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
  const pauseMs = typeof pause === "number" ? pause : 0;
  const restAfterTurn: Pause = typeof pause === "number" ? (end) => rest(pause, end) : pause;
  const restAfterFault: Pause = (end) => rest(Math.max(pauseMs, PAUSE_AFTER_FAULT_MS), end);
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const next = await turn().then(
        () => restAfterTurn,
        (error: unknown) => {
          log.error({ error, loop: name }, "keeper loop failed");
          return restAfterFault;
        },
      );
      await next(signal);
    }
  }
}
