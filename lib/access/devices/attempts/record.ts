import "server-only";
import { setTimeout as sleep } from "node:timers/promises";
import { elapsed, HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { log } from "@/lib/kernel/log";
import { singleton } from "@/lib/kernel/singleton";
import { Later } from "./later";
import type { NewAttempt, Outcome } from "./schema";
import {
  hasRoom,
  isRepeated,
  kindOf,
  MAX_KINDS,
  type Recorded,
  recordedOf,
  type Seen,
  seenOf,
} from "./seen";
import { auditUses, decidesIncident, saveAttempt } from "./store";

/** Of one kind are audited the first of an hour, and then how many there were. */
const AUDIT_EVERY_MS = HOUR_MS;
/** Of one device and protocol, whose outcomes may alternate. */
const NEWS_PER_SECOND = 4;
/** In one transaction, of a process that stops. */
const AUDITED_TOGETHER = 1_000;

/** What was told last of a device and protocol. */
type Told = {
  outcome: Outcome | null;
  second: number;
  news: number;
  /** One after the other. */
  saving: Promise<unknown>;
};

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
  ...([
    "tls_untrusted",
    "tls_too_old",
    "tls_not_spoken",
    "tls_at_once",
    "tls_failed",
    "tls_unused",
  ] as const),
]);

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
  const waiting = untold().find(sourceOf(attempt));
  const isOver = isProven && !outweighs(waiting?.outcome, attempt.outcome);
  // What waits is over by now: this is told, or what was told last is so again.
  if (isOver) untold().drop(sourceOf(attempt));
  // What came last stands with the device: another outcome is news, however soon.
  if (!isNews && isRepeated(seen, attempt.outcome)) return;
  if ((!isNews || hasNewsRoom(told)) && hasRoom(state, "written")) return save(seen, told, attempt);
  if (isOther && isOver) untold().keep(sourceOf(attempt), attempt);
}

/** An administrator must hear what the incident of a device is about, also behind what says nothing of it. */
function outweighs(one: Outcome | null | undefined, other: Outcome): boolean {
  return one != null && decidesIncident(one) && !decidesIncident(other);
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
    if (told.outcome === attempt.outcome) told.outcome = null;
    else if (!told.outcome || !outweighs(attempt.outcome, told.outcome)) return;
    tellLater(attempt);
  });
  await saving;
}

/** Beside what came since and waits as well. */
function tellLater(attempt: NewAttempt): void {
  const waiting = untold().find(sourceOf(attempt));
  if (attempt.device && (!waiting || outweighs(attempt.outcome, waiting.outcome)))
    untold().keep(sourceOf(attempt), attempt);
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
