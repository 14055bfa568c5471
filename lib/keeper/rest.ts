import { setTimeout as sleep } from "node:timers/promises";

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
