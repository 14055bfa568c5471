import { setTimeout as sleep } from "node:timers/promises";

/** Waits that long, or until the signal. */
export async function rest(durationMs: number, signal: AbortSignal): Promise<void> {
  await sleep(durationMs, undefined, { signal }).catch(() => {});
}

/**
 * Waits that long, or until it is woken, which `stop` does as well. AbortSignal.any would do the same, but what it
 * hangs on a signal that lives as long as the process stays there.
 */
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
