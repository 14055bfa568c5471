import "server-only";
import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { singleton } from "@/lib/kernel/singleton";
import type { NewAttempt, Outcome } from "./schema";

/** The same again within this time is not written: someone who watches sees a retry, the database no flood. */
const RETRY_AFTER_MS = 2 * SECOND_MS;
/** A success is written once in this time: some devices look for mail every few seconds. */
const SUCCESS_AFTER_MS = MINUTE_MS;
/** Successes within that time which are written all the same, in an hour: someone tries a device and watches. */
const TRIES_PER_HOUR = 5;
/** Kinds that are told apart. One that is forgotten is written again, and its uses since are not counted. */
export const MAX_KINDS = 20_000;
const MOST_PER_SECOND = {
  written: 20,
  /** Of what had to wait: what is new has a place beside it. */
  late: 10,
  /** Audited, of those that failed; the rest is counted with the next one of its kind. */
  failed: 5,
  /** Audited; the others wait for a later second: thousands of devices sign in at once where a gateway starts again. */
  succeeded: 20,
};

/** What was recorded of one kind. */
export type Seen = {
  writtenAt: number;
  auditedAt: number;
  uncounted: number;
  triesSince: number;
  tries: number;
};

export type Recorded = { kinds: Map<string, Seen>; second: number } & typeof MOST_PER_SECOND;

/** Attempts that proved a device, and attempts of strangers: however many strangers try, the others are written. */
type From = "devices" | "strangers";

export function recordedOf(from: From): Recorded {
  const counts = { written: 0, late: 0, failed: 0, succeeded: 0 };
  const fresh = () => ({ kinds: new Map(), second: 0, ...counts });
  return singleton<Recorded>(`device-attempts of ${from}`, fresh);
}

export type Kind = Pick<NewAttempt, "device" | "protocol" | "outcome" | "address">;

export function kindOf({ device, protocol, outcome, address }: Kind): string {
  return [device?.id, protocol, outcome, address].join(" ");
}

export function seenOf({ kinds }: Recorded, attempt: Kind): Seen {
  const kind = kindOf(attempt);
  const none = { uncounted: 0, triesSince: -HOUR_MS, tries: 0 };
  const seen = kinds.get(kind) ?? { writtenAt: -HOUR_MS, auditedAt: -HOUR_MS, ...none };
  keepLatest(kinds, [kind, seen], MAX_KINDS);
  return seen;
}

/** Whether the same was written just now. */
export function isRepeated(seen: Seen, outcome: Outcome): boolean {
  const sinceMs = elapsed() - seen.writtenAt;
  if (sinceMs < RETRY_AFTER_MS) return true;
  return outcome === "ok" && sinceMs < SUCCESS_AFTER_MS && !hasTriesLeft(seen);
}

function hasTriesLeft(seen: Seen): boolean {
  const now = elapsed();
  if (now - seen.triesSince >= HOUR_MS) Object.assign(seen, { triesSince: now, tries: 0 });
  seen.tries += 1;
  return seen.tries <= TRIES_PER_HOUR;
}

export function hasRoom(state: Recorded, done: keyof typeof MOST_PER_SECOND): boolean {
  const second = Math.floor(elapsed() / SECOND_MS);
  if (state.second !== second)
    Object.assign(state, { second, written: 0, late: 0, failed: 0, succeeded: 0 });
  state[done] += 1;
  return state[done] <= MOST_PER_SECOND[done];
}
