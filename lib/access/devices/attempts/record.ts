import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import { Later } from "./later";
import type { NewAttempt, Outcome } from "./schema";
import { auditUses, saveAttempt } from "./store";

/**
 * The same again within this time is not written: someone who watches sees a retry, the database no flood. Another
 * outcome is news, however soon: what came last stands with the device.
 */
const AGAIN_AFTER_MS = { ok: MINUTE_MS, failed: 2 * SECOND_MS };
/** Of one kind are audited the first of an hour, and then how many there were. */
const AUDIT_EVERY_MS = HOUR_MS;
/** Kinds that are told apart. One that is forgotten is written again, and its uses since are not counted. */
const MAX_KINDS = 20_000;
const WRITTEN_PER_SECOND = 20;
/** Of one device and protocol, whose outcomes may alternate. */
const NEWS_PER_SECOND = 4;
/** Of what had to wait: what is new has a place beside it. */
const WRITTEN_LATE_PER_SECOND = 10;
/** Of those that failed; the rest is counted with the next one of its kind. */
const FAILURES_AUDITED_PER_SECOND = 5;
/** The others wait for a later second: thousands of devices sign in at once where a gateway starts again. */
const SUCCESSES_AUDITED_PER_SECOND = 20;
/** In one transaction, of a process that stops. */
const AUDITED_TOGETHER = 1_000;

type Seen = { writtenAt: number; auditedAt: number; uncounted: number };
type Recorded = {
  kinds: Map<string, Seen>;
  second: number;
  written: number;
  late: number;
  failed: number;
  succeeded: number;
};
/** What was told last of a device and protocol. */
type Told = {
  outcome: Outcome | null;
  second: number;
  news: number;
  /** One after the other. */
  saving: Promise<unknown>;
};
/** Attempts that proved a device, and attempts of strangers: however many strangers try, the others are written. */
type From = "devices" | "strangers";

/** Writes down an attempt to sign in, unless the same was written just now. It cannot fail. */
export function recordAttempt(attempt: NewAttempt): Promise<void> {
  return register(writeDown(attempt));
}

/** What a process that stops waits for. */
function register(work: Promise<void>): Promise<void> {
  const registered = work.finally(() => underWay().delete(registered));
  underWay().add(registered);
  return registered;
}

const underWay = () => singleton("device-attempts under way", () => new Set<Promise<void>>());

async function writeDown(attempt: NewAttempt): Promise<void> {
  const state = recordedOf(NEEDS_NO_PASSWORD.has(attempt.outcome) ? "strangers" : "devices");
  const seen = seenOf(state, attempt);
  try {
    seen.uncounted += 1;
    await Promise.all([write(state, seen, attempt), audit(state, seen, attempt)]);
  } catch (error) {
    log.warn({ error }, "an attempt of a device is not written down");
  }
}

const NEEDS_NO_PASSWORD: ReadonlySet<Outcome> = new Set([
  ...(["wrong_password", "guessing", "plaintext"] as const),
  ...(["tls_untrusted", "tls_too_old", "tls_not_spoken", "tls_at_once", "tls_failed"] as const),
]);

function recordedOf(from: From): Recorded {
  const counts = { written: 0, late: 0, failed: 0, succeeded: 0 };
  const fresh = () => ({ kinds: new Map(), second: 0, ...counts });
  return singleton<Recorded>(`device-attempts of ${from}`, fresh);
}

function seenOf({ kinds }: Recorded, attempt: Kind): Seen {
  const kind = kindOf(attempt);
  const fresh = { writtenAt: -HOUR_MS, auditedAt: -AUDIT_EVERY_MS, uncounted: 0 };
  const seen = kinds.get(kind) ?? fresh;
  keepLatest(kinds, [kind, seen], MAX_KINDS);
  return seen;
}

type Kind = Pick<NewAttempt, "device" | "protocol" | "outcome" | "address">;

function kindOf({ device, protocol, outcome, address }: Kind): string {
  return [device?.id, protocol, outcome, address].join(" ");
}

const sourceOf = ({ device, protocol }: NewAttempt) => `${device?.id} ${protocol}`;

function toldOf(attempt: NewAttempt): Told {
  const fresh = { outcome: null, second: 0, news: 0, saving: Promise.resolve() };
  if (!attempt.device) return fresh;
  const all = singleton("device-attempts told", () => new Map<string, Told>());
  const key = sourceOf(attempt);
  const told = all.get(key) ?? fresh;
  keepLatest(all, [key, told], MAX_KINDS);
  return told;
}

async function write(state: Recorded, seen: Seen, attempt: NewAttempt): Promise<void> {
  const told = toldOf(attempt);
  const isProven = !NEEDS_NO_PASSWORD.has(attempt.outcome);
  const isOther = isProven && told.outcome !== attempt.outcome;
  const isNews = isOther && told.outcome !== null;
  const pause = AGAIN_AFTER_MS[attempt.outcome === "ok" ? "ok" : "failed"];
  // What waits is over by now: this is told, or what was told last is so again.
  if (isProven) untold().drop(sourceOf(attempt));
  if (!isNews && elapsed() - seen.writtenAt < pause) return;
  if ((!isNews || hasNewsRoom(told)) && hasRoom(state, "written")) return save(seen, told, attempt);
  if (isOther) untold().keep(sourceOf(attempt), attempt);
}

/** What became of a device last is told in any case, if not at once. */
const untold = () =>
  singleton(
    "device-attempts to tell",
    () => new Later(MAX_KINDS, (attempt) => void register(writeLate(attempt))),
  );

async function writeLate(attempt: NewAttempt): Promise<void> {
  const state = recordedOf("devices");
  if (!hasRoom(state, "late")) return untold().keep(sourceOf(attempt), attempt);
  await saveNow(attempt);
}

async function saveNow(attempt: NewAttempt): Promise<void> {
  try {
    await save(seenOf(recordedOf("devices"), attempt), toldOf(attempt), attempt);
  } catch (error) {
    log.warn({ error }, "an attempt of a device is not written down");
  }
}

/** In the order in which they came: the last one decides whether an incident is open. */
async function save(seen: Seen, told: Told, attempt: NewAttempt): Promise<void> {
  seen.writtenAt = elapsed();
  told.outcome = attempt.outcome;
  if (attempt.outcome !== "ok") letSuccessBeWritten(attempt);
  const saving = told.saving.then(() => saveAttempt(attempt));
  told.saving = saving.catch(() => {
    // Nothing says it now: it is told later, unless another one came, which is news.
    seen.writtenAt = -HOUR_MS;
    if (told.outcome !== attempt.outcome) return;
    told.outcome = null;
    if (attempt.device) untold().keep(sourceOf(attempt), attempt);
  });
  await saving;
}

/** Behind a failure, a success from the same address is news again, even if another one was let in meanwhile. */
function letSuccessBeWritten({ device, protocol, address }: NewAttempt): void {
  const { kinds } = recordedOf("devices");
  const success = kinds.get(kindOf({ device, protocol, outcome: "ok", address }));
  if (success) success.writtenAt = -HOUR_MS;
}

function hasNewsRoom(told: Told): boolean {
  const second = Math.floor(elapsed() / SECOND_MS);
  if (told.second !== second) Object.assign(told, { second, news: 0 });
  told.news += 1;
  return told.news <= NEWS_PER_SECOND;
}

const MOST_PER_SECOND = {
  written: WRITTEN_PER_SECOND,
  late: WRITTEN_LATE_PER_SECOND,
  failed: FAILURES_AUDITED_PER_SECOND,
  succeeded: SUCCESSES_AUDITED_PER_SECOND,
};

function hasRoom(state: Recorded, done: keyof typeof MOST_PER_SECOND): boolean {
  const second = Math.floor(elapsed() / SECOND_MS);
  if (state.second !== second)
    Object.assign(state, { second, written: 0, late: 0, failed: 0, succeeded: 0 });
  state[done] += 1;
  return state[done] <= MOST_PER_SECOND[done];
}

async function audit(state: Recorded, seen: Seen, attempt: NewAttempt) {
  const { device, address, protocol, outcome } = attempt;
  if (!device || elapsed() - seen.auditedAt < AUDIT_EVERY_MS) return;
  // A wrong password tried with a thousand names makes a thousand kinds: the trail is in one order, and
  // each event waits for the one before.
  if (!hasRoom(state, outcome === "ok" ? "succeeded" : "failed")) {
    // Who got in is told in any case, if not at once.
    if (outcome === "ok") later().keep(kindOf(attempt), attempt);
    return;
  }
  const { uncounted: count } = seen;
  Object.assign(seen, { auditedAt: elapsed(), uncounted: 0 });
  await auditUses([{ device, count, address, protocol, outcome }]);
}

const later = () =>
  singleton(
    "device-attempts to audit",
    () => new Later(MAX_KINDS, (attempt) => void register(auditAgain(attempt))),
  );

/** Writes down what is under way, and what waits to be told or audited: last, in a process that stops. */
export async function flushAttempts({ withinMs }: { withinMs: number }): Promise<void> {
  const attempts = later().take();
  const late = sleep(withinMs, undefined, { ref: false });
  for (const each of untold().take()) void register(saveNow(each));
  void register(auditTogether(attempts));
  await Promise.race([Promise.all(underWay()), late]);
  const { size } = underWay();
  if (size > 0) log.warn({ attempts: size }, "attempts of devices are left unwritten");
}

/** In as few transactions as possible. */
async function auditTogether(attempts: readonly NewAttempt[]): Promise<void> {
  const state = recordedOf("devices");
  const uses = attempts.flatMap(({ device, address, protocol, outcome }) => {
    const seen = device && seenOf(state, { device, address, protocol, outcome });
    if (!seen || seen.uncounted === 0) return [];
    const { uncounted: count } = seen;
    Object.assign(seen, { auditedAt: elapsed(), uncounted: 0 });
    return [{ device, count, address, protocol, outcome }];
  });
  try {
    for (let at = 0; at < uses.length; at += AUDITED_TOGETHER)
      await auditUses(uses.slice(at, at + AUDITED_TOGETHER));
  } catch (error) {
    log.warn({ error, uses: uses.length }, "uses of devices are not in the audit trail");
  }
}

async function auditAgain(attempt: NewAttempt): Promise<void> {
  const state = recordedOf("devices");
  try {
    await audit(state, seenOf(state, attempt), attempt);
  } catch (error) {
    log.warn({ error }, "an attempt of a device is not in the audit trail");
  }
}
