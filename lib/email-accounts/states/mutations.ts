import { db } from "@/lib/kernel/db";
import { signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";

/** The rest next time. */
const AT_ONCE = 5_000;

/**
 * An edit may have missed a change of tokens or a renamed provider.
 * @returns how many were wrong
 */
export function correctStates(): Promise<number> {
  return db().$transaction(async (tx) => {
    // With old statistics, nested loops take minutes.
    await tx.$executeRaw`SET LOCAL enable_nestloop = off`;
    const wrong = await tx.$queryRaw<{ id: string }[]>`
      SELECT e.id FROM "EmailAccount" e
        LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
        LEFT JOIN "Authorization" a
          ON a."cloudProviderId" = p.id AND a.username = ${Prisma.raw(signedInName("e", "p"))}
        LEFT JOIN "TokenSet" t ON t."authorizationId" = a.id
      WHERE e.state <> email_account_state(e.active, e."modernAuthentication", e."cloudProviderId", t.state,
        ARRAY[e."imapVerdict", e."smtpVerdict", e."pop3Verdict"])
        OR e."providerKey" <> coalesce(p."nameKey", '')
      LIMIT ${AT_ONCE}`;
    if (wrong.length === 0) return 0;
    await tx.$executeRaw`SET LOCAL enable_nestloop = on`;
    // The triggers set named columns.
    return tx.$executeRaw`UPDATE "EmailAccount" SET state = state, "providerKey" = "providerKey" WHERE id IN (
      SELECT id FROM "EmailAccount" WHERE id = ANY(${wrong.map(({ id }) => id)}::uuid[])
      FOR NO KEY UPDATE SKIP LOCKED)`;
  });
}
