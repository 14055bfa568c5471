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
/** Without a schedule, a test after a sign-in is due within the longest. */
const SECONDS = Prisma.raw(
  `CASE e."testSchedule" ${SECONDS_OF_EACH.join(" ")} ELSE ${Math.max(...Object.values(EVERY_S))} END`,
);
const OWN_SECOND = Prisma.sql`mod(hashtextextended(e.id::text, 0), ${SECONDS})`;

/** For account `e`, spread over the interval. */
export const nextTestAt = Prisma.sql`CASE WHEN e."testSchedule" <> 'off' THEN to_timestamp(
  (floor((extract(epoch FROM now()) - ${OWN_SECOND}) / (${SECONDS})) + 1) * (${SECONDS}) + ${OWN_SECOND}
) END`;

/** Also without a schedule, after a sign-in or an edit. */
export const isTestDue = Prisma.sql`(e."nextTestAt" <= now() AND e.active)`;

/** A clock that ran ahead chose them. */
export async function setScheduleRight(): Promise<void> {
  await db().$executeRaw`UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt}
    WHERE e."nextTestAt" > now() + interval '1 hour'
      AND NOT postkey_holds(e."nextTestAt", make_interval(secs => ${SECONDS}))`;
}

export async function scheduleNextTests(tx: Transaction, emailAccountIds: string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE "EmailAccount" e SET "nextTestAt" = ${nextTestAt} WHERE e.id = ANY(${emailAccountIds}::uuid[])`;
}

/**
 * The last test is of the former settings: as if never tested, and due now, by the current clock, since a
 * test may have begun within the transaction. Inactive or unsigned accounts are tested later.
 */
export async function letNewSettingsBeTested(tx: Transaction, emailAccountIds: string[]) {
  await tx.$executeRaw`UPDATE "EmailAccount" SET "imapVerdict" = NULL, "smtpVerdict" = NULL, "pop3Verdict" = NULL,
      "testFailureId" = NULL, "testFailingSince" = NULL, "lastTestedAt" = NULL, "nextTestAt" = clock_timestamp()
    WHERE id = ANY(${emailAccountIds}::uuid[])`;
}

/** A failed sign-in has its own incident; a sign-in makes the test due. */
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
