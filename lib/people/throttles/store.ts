import { longestAfter } from "@/lib/kernel/backoff";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { keepLatest } from "@/lib/kernel/keep-latest";
import { networkOf } from "@/lib/kernel/networks";
import { singleton } from "@/lib/kernel/singleton";
import { counted } from "@/lib/kernel/text/schema";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";

/** From the failure after `free` on, each doubles the wait, up to the longest. */
export type Throttle = { subject: string; free: number; maxWaitMs: number };

export type Attempt = { subject: string; blockedUntil: Date }[];

/**
 * Counted as failed before its result is known: of many that come at once, each is counted, and those after the one
 * that begins a wait are refused. @throws AppError too_many_requests; nothing is counted then
 */
export async function countAttempt(throttles: Throttle[]): Promise<Attempt> {
  await requireNoWait(throttles);
  // In one order everywhere, so that two attempts cannot wait for each other.
  const sorted = throttles.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  return db().$transaction(async (tx) => {
    const attempt: Attempt = [];
    for (const throttle of sorted) attempt.push(await countOne(tx, throttle));
    return attempt;
  });
}

export async function requireNoWait(throttles: Throttle[]): Promise<void> {
  const subjects = throttles.map(({ subject }) => subject);
  const [longest] = await db().$queryRaw<{ waitMs: number | null }[]>`
    SELECT extract(epoch FROM max("blockedUntil") - clock_timestamp())::float * 1000 AS "waitMs"
    FROM "SignInThrottle" WHERE subject = ANY(${subjects}::text[])
      AND postkey_holds("blockedUntil", ${longestWait})`;
  if (longest?.waitMs && longest.waitMs > 0) throw tooMany(longest.waitMs);
}

export function tooMany(waitMs: number): AppError {
  const retryAfterSeconds = Math.max(1, Math.ceil(waitMs / SECOND_MS));
  const message = `Too many failed attempts. Try again in ${counted(retryAfterSeconds, "second")}.`;
  return new AppError("too_many_requests", message, { retryAfterSeconds });
}

/** The longest `maxWaitMs` of all: that of codes. A wait that ends later was begun by a clock that ran ahead. */
export const LONGEST_WAIT_MS = 10 * MINUTE_MS;
const longestWait = Prisma.raw(`interval '${LONGEST_WAIT_MS} ms'`);

async function countOne(tx: Transaction, { subject, free, maxWaitMs }: Throttle) {
  const backoff = { firstMs: SECOND_MS, longestMs: maxWaitMs };
  const wait = Prisma.raw(longestAfter(`t.failures + 1 - ${free}`, backoff));
  const [row] = await tx.$queryRaw<Attempt>`
    INSERT INTO "SignInThrottle" AS t (subject, failures, "blockedUntil")
    VALUES (${subject}, 1, clock_timestamp())
    ON CONFLICT (subject) DO UPDATE SET failures = t.failures + 1, "updatedAt" = now(),
      "blockedUntil" = clock_timestamp() + CASE WHEN t.failures + 1 < ${free} THEN interval '0'
        ELSE ${wait} END
    WHERE t."blockedUntil" <= clock_timestamp()
      OR NOT postkey_holds(t."blockedUntil", ${longestWait}) RETURNING subject, "blockedUntil"`;
  if (!row) throw tooMany(SECOND_MS);
  return row;
}

export async function refundAttempt(attempt: Attempt): Promise<void> {
  for (const { subject, blockedUntil } of attempt)
    await db().$executeRaw`
      UPDATE "SignInThrottle" SET failures = greatest(failures - 1, 0),
        "blockedUntil" = CASE WHEN "blockedUntil" = ${blockedUntil}::timestamptz
          THEN clock_timestamp() ELSE "blockedUntil" END
      WHERE subject = ${subject}`;
}

export async function clearThrottles(subjects: string[]): Promise<void> {
  await db().signInThrottle.deleteMany({ where: { subject: { in: subjects } } });
}

const LONGEST_MS = 5 * MINUTE_MS;
/** What was begun once is answered no more often. */
const MAX_ANSWERS = 5;
/** What strangers begin is no row: of more than these, the oldest is forgotten. */
const MAX_KNOWN = 10_000;

const answers = () => singleton("answers-to-begun", () => new Map<string, number>());

/**
 * Counted as failed before its result is known, by address; where addresses are unknown by what was begun, because
 * any stranger could keep out all others that share a count. @param begun that a cookie of ours proves @returns
 * what takes it back @throws AppError too_many_requests
 */
export async function countAnswer(
  kind: "passkey" | "company",
  { address, begun }: { address: string | undefined; begun: string },
): Promise<() => Promise<void>> {
  if (address === undefined) return countBegun(`${kind}:${begun}`);
  const subject = `${kind}:${networkOf(address)}`;
  const attempt = await countAttempt([{ subject, free: 30, maxWaitMs: LONGEST_MS }]);
  return () => refundAttempt(attempt);
}

function countBegun(subject: string): () => Promise<void> {
  const count = (answers().get(subject) ?? 0) + 1;
  if (count > MAX_ANSWERS) throw tooMany(LONGEST_MS);
  keepLatest(answers(), [subject, count], MAX_KNOWN);
  return async () => {
    answers().set(subject, (answers().get(subject) ?? 1) - 1);
  };
}
