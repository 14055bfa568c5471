import "server-only";
import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import type { NewAttempt } from "./schema";
import { auditUses, saveAttempt } from "./store";

/** The same again within this time is not written: someone who watches sees a retry, the database no flood. */
const AGAIN_AFTER_MS = { ok: MINUTE_MS, failed: 2 * SECOND_MS };
/** Of one kind are audited the first of an hour, and then how many there were. */
const AUDIT_EVERY_MS = HOUR_MS;
/** Kinds that are told apart; beyond, nothing more is written until some are forgotten. */
const MAX_KINDS = 10_000;
const WRITTEN_PER_SECOND = 20;
/** Of those that failed; the rest is counted with the next one of its kind. */
const FAILURES_AUDITED_PER_SECOND = 5;

type Seen = { writtenAt: number; auditedAt: number; uncounted: number };
type Recorded = { kinds: Map<string, Seen>; second: number; written: number; audited: number };

/** Writes down an attempt to sign in, unless the same was written just now. It cannot fail. */
export async function recordAttempt(attempt: NewAttempt): Promise<void> {
  const state = singleton<Recorded>("device-attempts", () => ({
    kinds: new Map(),
    second: 0,
    written: 0,
    audited: 0,
  }));
  const seen = seenOf(state, attempt);
  if (!seen) return;
  try {
    await Promise.all([write(state, seen, attempt), audit(state, seen, attempt)]);
  } catch (error) {
    log.warn({ error }, "an attempt of a device is not written down");
  }
}

function seenOf({ kinds }: Recorded, attempt: NewAttempt): Seen | null {
  const kind = kindOf(attempt);
  const known = kinds.get(kind);
  if (known) return known;
  if (kinds.size >= MAX_KINDS) forget(kinds);
  if (kinds.size >= MAX_KINDS) return null;
  const fresh = { writtenAt: -HOUR_MS, auditedAt: -AUDIT_EVERY_MS, uncounted: 0 };
  kinds.set(kind, fresh);
  return fresh;
}

type Kind = Pick<NewAttempt, "device" | "protocol" | "outcome" | "address">;

function kindOf({ device, protocol, outcome, address }: Kind): string {
  return [device?.id, protocol, outcome, address].join(" ");
}

function forget(kinds: Map<string, Seen>): void {
  for (const [kind, { auditedAt }] of kinds)
    if (elapsed() - auditedAt > AUDIT_EVERY_MS) kinds.delete(kind);
}

async function write(state: Recorded, seen: Seen, attempt: NewAttempt): Promise<void> {
  const pause = AGAIN_AFTER_MS[attempt.outcome === "ok" ? "ok" : "failed"];
  if (elapsed() - seen.writtenAt < pause || !hasRoom(state, "written")) return;
  seen.writtenAt = elapsed();
  if (attempt.outcome !== "ok") letSuccessBeWritten(state, attempt);
  await saveAttempt(attempt);
}

/** Behind a failure, a success is news again: it ends the incident. */
function letSuccessBeWritten({ kinds }: Recorded, { device, protocol, address }: NewAttempt): void {
  const success = kinds.get(kindOf({ device, protocol, outcome: "ok", address }));
  if (success) success.writtenAt = -HOUR_MS;
}

const MOST_PER_SECOND = { written: WRITTEN_PER_SECOND, audited: FAILURES_AUDITED_PER_SECOND };

function hasRoom(state: Recorded, done: keyof typeof MOST_PER_SECOND): boolean {
  const second = Math.floor(elapsed() / SECOND_MS);
  if (state.second !== second) Object.assign(state, { second, written: 0, audited: 0 });
  state[done] += 1;
  return state[done] <= MOST_PER_SECOND[done];
}

async function audit(state: Recorded, seen: Seen, attempt: NewAttempt) {
  const { device, address, protocol, outcome } = attempt;
  if (!device) return;
  seen.uncounted += 1;
  if (elapsed() - seen.auditedAt < AUDIT_EVERY_MS) return;
  // Whoever tries a wrong password with a thousand names writes a thousand kinds: the trail is in one order, and
  // each event waits for the one before.
  if (outcome !== "ok" && !hasRoom(state, "audited")) return;
  const { uncounted: count } = seen;
  Object.assign(seen, { auditedAt: elapsed(), uncounted: 0 });
  await auditUses(device, { count, address, protocol, outcome });
}
