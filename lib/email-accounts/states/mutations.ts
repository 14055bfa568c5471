import "server-only";
import { db } from "@/lib/kernel/db";
import { signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";

/** As many are set right at once; the others the next time. */
const AT_ONCE = 5_000;

/**
 * Sets states right that are not what sign-in and last test say, and names of providers: of an account that was
 * being edited while the state of its tokens changed, or while its provider was renamed
 * (renamed_without_waiting).
 *
 * @returns how many there were
 */
export function correctStates(): Promise<number> {
  return db().$transaction(async (tx) => {
    // All of them are looked at: with old statistics, nested loops would take minutes.
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
    // Naming the columns is enough: the triggers set them.
    return tx.$executeRaw`UPDATE "EmailAccount" SET state = state, "providerKey" = "providerKey" WHERE id IN (
      SELECT id FROM "EmailAccount" WHERE id = ANY(${wrong.map(({ id }) => id)}::uuid[])
      FOR NO KEY UPDATE SKIP LOCKED)`;
  });
}
