import { setTimeout as sleep } from "node:timers/promises";
import { SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";

export type Pause = (signal: AbortSignal) => Promise<void>;

/** Errors are logged. @param pause milliseconds, or a function @returns stops it */
export function startLoop(
  name: string,
  pause: number | Pause,
  turn: (signal: AbortSignal) => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pauseMs = typeof pause === "number" ? pause : 0;
  const restAfterTurn: Pause = typeof pause === "number" ? (end) => rest(pause, end) : pause;
  const restAfterFault: Pause = (end) => rest(Math.max(pauseMs, 5 * SECOND_MS), end);
  const running = run();
  return () => {
    stopping.abort();
    return running;
  };

  async function run(): Promise<void> {
    while (!signal.aborted) {
      const next = await turn(signal).then(
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

export async function rest(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => {});
}

/** AbortSignal.any would leak on a signal that lives as long as the process. */
export async function restUntilWoken(
  durationMs: number,
  woken: AbortController,
  stop?: AbortSignal,
): Promise<void> {
  const wake = () => woken.abort();
  if (stop?.aborted) wake();
  stop?.addEventListener("abort", wake, { once: true });
  await rest(durationMs, woken.signal);
  stop?.removeEventListener("abort", wake);
}
