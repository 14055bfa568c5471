import { subscribe } from "@/lib/kernel/events/hub";
import type { Notice } from "@/lib/kernel/events/schema";
import type { Pause } from "./loop";
import { rest, restUntilWoken } from "./rest";

/** What states are made of: of providers with their sign-ins, and of accounts with their tests. */
const OF_STATES = new Set<Notice["type"]>(["cloud_provider", "email_account", "test_run"]);

type Waits = {
  /** However often something changes. */
  shortestMs: number;
  /** Though nothing is heard of: time changes states, too. */
  longestMs: number;
};

/**
 * Waits until a state may have changed: what was repaired a moment ago is not called open for long. It hears what
 * changes between two waits, too, until the loop is stopped.
 */
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
