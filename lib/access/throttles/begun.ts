import "server-only";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { singleton } from "@/lib/kernel/singleton";

/** What was begun once is tried no more often. */
const MAX_FAILURES = 5;
/** What strangers begin is no row: of more than these, the oldest is forgotten. */
const MAX_KNOWN = 10_000;

const failures = () => singleton("begun-failures", () => new Map<string, number>());

/**
 * Counts an attempt at what a browser began here as failed, before anyone knows whether it is: a round to a company,
 * or the challenge for a passkey. All strangers would share one count where addresses are unknown, and any of them
 * could keep everyone out. Nothing is guessed across what was begun: who begins again, or is forgotten, gains nothing.
 *
 * @returns what takes it back; null when it failed too often
 */
export function countBegun(subject: string): (() => void) | null {
  const failed = failures().get(subject) ?? 0;
  if (failed >= MAX_FAILURES) return null;
  keepLatest(failures(), [subject, failed + 1], MAX_KNOWN);
  return () => {
    const counted = failures().get(subject) ?? 0;
    if (counted > 1) failures().set(subject, counted - 1);
    else failures().delete(subject);
  };
}
