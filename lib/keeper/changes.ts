import { subscribe } from "@/lib/kernel/events/hub";
import type { Notice } from "@/lib/kernel/events/schema";
import type { Pause } from "./loop";
import { rest, restUntilWoken } from "./rest";

const OF_STATES = new Set<Notice["type"]>(["cloud_provider", "email_account", "test_run"]);

type Waits = {
  shortestMs: number;
  /** Upper bound, because time changes states too. */
  longestMs: number;
};

/** Also hears changes between two waits. */
export function untilStatesChange({ shortestMs, longestMs }: Waits): Pause {
  let changed = new AbortController();
  let unsubscribe: (() => void) | undefined;
  const hear = () =>
    subscribe((event) => {
      if (event === "resync" || OF_STATES.has(event.notice.type)) changed.abort();
    });
  return async (signal) => {
    unsubscribe ??= hear();
    await rest(shortestMs, signal);
    await restUntilWoken(longestMs - shortestMs, changed, signal);
    changed = new AbortController();
    if (signal.aborted) unsubscribe();
  };
}
