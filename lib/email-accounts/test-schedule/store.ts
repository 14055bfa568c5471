import "server-only";
import { DAY_MS, HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";
import type { TestSchedule } from "../schema";

const EVERY_S: Readonly<Record<Exclude<TestSchedule, "off">, number>> = {
  hourly: HOUR_MS / SECOND_MS,
  daily: DAY_MS / SECOND_MS,
};
const SECONDS_OF_EACH = Object.entries(EVERY_S).map(
  ([name, every]) => `WHEN '${name}' THEN ${every}`,
);
/** Without a schedule the longest: a test that is due after a sign-in is still one of some day. */
const SECONDS = Prisma.raw(
  `CASE e."testSchedule" ${SECONDS_OF_EACH.join(" ")} ELSE ${Math.max(...Object.values(EVERY_S))} END`,
);
/** Each account has its own second of the hour or the day, whenever it was made. */
const OWN_SECOND = Prisma.sql`mod(hashtextextended(e.id::text, 0), ${SECONDS})`;

/** When the next scheduled test of the account `e` is due: spread over the whole interval. */
export const nextTestAt = Prisma.sql`CASE WHEN e."testSchedule" <> 'off' THEN to_timestamp(
  (floor((extract(epoch FROM now()) - ${OWN_SECOND}) / (${SECONDS})) + 1) * (${SECONDS}) + ${OWN_SECOND}
) END`;

/** Whether a test of the account `e` is due: on its schedule, or, also without one, because it was just signed in or edited. */
export const isTestDue = Prisma.sql`(e."nextTestAt" <= now() AND e.active)`;

/** Times of tests chosen by a clock that ran ahead are chosen again. */
export async function setScheduleRight(): Promise<void> {
  await db().$executeRaw`UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt}
    WHERE e."nextTestAt" > now() + interval '1 hour'
      AND NOT postkey_holds(e."nextTestAt", make_interval(secs => ${SECONDS}))`;
}

/** After their schedule was chosen. */
export async function scheduleNextTests(tx: Transaction, emailAccountIds: string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt} WHERE e.id = ANY(${emailAccountIds}::uuid[])`;
}

/**
 * After an edit of what decides whether a mailbox opens: where it is, who signs in, and how. The last test is of what
 * was saved before: the account stands as one that was never tested, and is due at once, whatever its schedule says.
 * By the clock of now, and not of when the transaction began: a test that began since read the account as it was.
 * Where it is not active it is tested when it is, and where no one is signed in, after the sign-in.
 */
export async function letNewSettingsBeTested(
  tx: Transaction,
  emailAccountIds: string[],
): Promise<void> {
  await tx.$executeRaw`UPDATE "EmailAccount" SET "imapVerdict" = NULL, "smtpVerdict" = NULL, "pop3Verdict" = NULL,
      "testFailureId" = NULL, "testFailingSince" = NULL, "lastTestedAt" = NULL, "nextTestAt" = clock_timestamp()
    WHERE id = ANY(${emailAccountIds}::uuid[])`;
}

/**
 * Of a sign-in that fails there is nothing to learn (its own incident tells): the tests that are due of its
 * accounts are looked at again later. Where no one has signed in yet, a test can only fail with that; a sign-in
 * makes it due at once.
 */
export async function putOffFailingSignIns(tx: Transaction): Promise<void> {
  await tx.$executeRaw`UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt}
    WHERE ${isTestDue} AND e.state IN ('not_signed_in', 'no_provider')`;
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = now() + interval '5 minutes'
    FROM "Authorization" a JOIN "TokenSet" t ON t."authorizationId" = a.id
      JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
    WHERE ${isTestDue}
      AND p.id = e."cloudProviderId" AND a.username = ${Prisma.raw(signedInName("e", "p"))}
      AND t.state <> 'connected'`;
}
