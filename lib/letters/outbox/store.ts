import { randomUUID } from "node:crypto";
import { letterDestination } from "@/lib/installation/keys/destinations";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { SECOND_MS, startStopwatch } from "@/lib/kernel/clock";
import { seal } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { publish } from "@/lib/kernel/events/mutations";
import { LEASES } from "@/lib/kernel/leases";
import { openOrLock } from "@/lib/kernel/open-sealed";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import type { Letter } from "../schema";

export async function insertLetters(tx: Transaction, letters: readonly Letter[]): Promise<void> {
  const now = await databaseNow(0, tx);
  await tx.letter.createMany({
    data: letters.map(({ text, dueAt = now, ...letter }) => {
      const id = randomUUID();
      const { recipient } = letter;
      const textSealed = seal(env().keyring, placeOf({ id, recipient }), text);
      return { ...letter, id, recipientKey: emailKey(recipient), textSealed, dueAt };
    }),
  });
}

/** The link is only for its recipient. */
function placeOf({ id, recipient }: { id: string; recipient: string }) {
  const destination = letterDestination(recipient);
  return { table: "Letter", id, column: "textSealed", destination };
}

export type ClaimedLetter = {
  id: string;
  recipient: string;
  subject: string;
  textSealed: string;
  /** A paused holder's result counts only if no other has claimed since. */
  attempts: number;
  ageMs: () => number;
};

/** @throws AppError locked, also when the recipient was changed by hand */
export function openText(letter: Omit<ClaimedLetter, "ageMs">): string {
  return openOrLock(
    placeOf(letter),
    letter.textSealed,
    "The link can't be decrypted: the encryption key is a different one. Create a new link.",
  );
}

/** Exchange Online takes thirty messages a minute from a mailbox. */
export const LETTER_PACE_MS = 2 * SECOND_MS;

const LEASE = {
  until: Prisma.raw(LEASES.letter.until),
  isHeld: Prisma.raw(LEASES.letter.isHeld(`h."leaseUntil"`)),
  isFree: Prisma.raw(LEASES.letter.isFree(`l."leaseUntil"`)),
};

/** One at a time in the installation, at the pace; repeated if its sender dies. */
export async function claimLetter(): Promise<ClaimedLetter | null> {
  const ageMs = startStopwatch();
  return db().$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${ADVISORY_LOCKS.letters})`;
    // Ends: One letter after the other, until none is due.
    const [letter] = await tx.$queryRaw<Omit<ClaimedLetter, "ageMs">[]>`
      UPDATE "Letter" u SET "leaseUntil" = ${LEASE.until}, "attemptedAt" = now(), attempts = u.attempts + 1,
        interruptions = u.interruptions + CASE WHEN u."leaseUntil" IS NULL THEN 0 ELSE 1 END
      WHERE u.id = (SELECT l.id FROM "Letter" l WHERE l.state = 'waiting' AND ${LEASE.isFree}
          AND NOT postkey_holds(l."dueAt", interval '80 hours')
          AND EXISTS (SELECT 1 FROM "AlertChannel" c WHERE c."sendsLinks" AND c.enabled)
          AND NOT EXISTS (SELECT 1 FROM "Letter" h WHERE ${LEASE.isHeld})
          AND NOT EXISTS (SELECT 1 FROM "Letter" p WHERE postkey_holds(
            p."attemptedAt" + ${PACE}::interval, ${PACE}::interval))
        ORDER BY l."dueAt", l.id LIMIT 1)
      RETURNING u.id, u.recipient, u.subject, u."textSealed", u.attempts`;
    return letter ? { ...letter, ageMs } : null;
  });
}

const PACE = `${LETTER_PACE_MS / SECOND_MS} s`;

const HAS_LINK = Prisma.sql`(
  EXISTS (SELECT 1 FROM "SignInLink" s WHERE s."tokenHash" = l."tokenHash" AND s."signedInAt" IS NULL)
  OR EXISTS (SELECT 1 FROM "SetupLink" s WHERE s."tokenHash" = l."tokenHash")
  OR EXISTS (SELECT 1 FROM "PasswordLink" s WHERE s."tokenHash" = l."tokenHash"))`;

/** The mail never arrived, or reminders were switched off. */
const IS_UNWANTED = Prisma.sql`(l.kind = 'reminder' AND (
  EXISTS (SELECT 1 FROM "Letter" f WHERE f."tokenHash" = l."tokenHash" AND f.kind <> 'reminder' AND f.state = 'failed')
  OR NOT EXISTS (SELECT 1 FROM "Installation" i WHERE i."remindHoursBefore" IS NOT NULL)))`;

/** A second keeper died over it: it may have arrived twice. */
const IS_LEFT = Prisma.sql`(l.interruptions > 0 AND l."leaseUntil" IS NOT NULL)`;

export async function settleLetters(): Promise<void> {
  await db().$executeRaw`
    UPDATE "Letter" l SET "textSealed" = NULL, "leaseUntil" = NULL,
      state = CASE WHEN NOT ${HAS_LINK} OR l.kind = 'reminder' THEN 'void' ELSE 'failed' END,
      result = CASE WHEN ${IS_LEFT} THEN ${INTERRUPTED} ELSE coalesce(l.result, ${TOO_LATE}) END
    WHERE l.state = 'waiting' AND ${LEASE.isFree}
      AND (NOT ${HAS_LINK} OR ${IS_UNWANTED} OR ${IS_LEFT} OR l."expiresAt" <= now())`;
}

const TOO_LATE = "The link expired before it could be sent.";
const INTERRUPTED = "Postkey was stopped twice while it sent this. It may have arrived.";

export async function saveSent({ id }: ClaimedLetter, result: string): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Letter" SET state = 'sent', "sentAt" = now(), result = ${result},
      "textSealed" = NULL, "leaseUntil" = NULL WHERE id = ${id}::uuid AND state = 'waiting'`;
    await publish(tx, { type: "alert", id });
  });
}

export async function saveRefused({ id, attempts }: ClaimedLetter, result: string): Promise<void> {
  await db().$transaction(async (tx) => {
    await tx.$executeRaw`UPDATE "Letter" SET state = 'failed', result = ${result},
      "textSealed" = NULL, "leaseUntil" = NULL
      WHERE id = ${id}::uuid AND state = 'waiting' AND attempts = ${attempts}`;
    await publish(tx, { type: "alert", id });
  });
}

type Delay = { result: string; waitMs: number; isOfAll: boolean };

/** Unless the recipient is the cause, all letters wait for this one to find the server working. */
export async function putOff({ id, attempts }: ClaimedLetter, { result, waitMs, isOfAll }: Delay) {
  const until = await databaseNow(waitMs);
  await db().$transaction(async (tx) => {
    const held = await tx.$executeRaw`
      UPDATE "Letter" SET "dueAt" = ${until}, result = ${result}, "leaseUntil" = NULL
      WHERE id = ${id}::uuid AND state = 'waiting' AND attempts = ${attempts}`;
    if (held === 0) return;
    if (isOfAll)
      await tx.$executeRaw`UPDATE "Letter" SET "dueAt" = ${until}::timestamptz + interval '1 s', result = ${result}
        WHERE state = 'waiting' AND id <> ${id}::uuid AND "dueAt" < ${until}`;
    await publish(tx, { type: "alert", id });
  });
}
