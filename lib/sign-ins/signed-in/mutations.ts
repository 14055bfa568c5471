import "server-only";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { signedInName } from "../identities";

type SignedInNow = {
  cloudProviderId: string;
  /** Of the authorization; empty for an application that signs in by itself. */
  username: string;
  /** The account whose page tests it at once, where that page is opened. */
  testedByPage: string | null;
};

/**
 * After a sign-in the accounts that it opens are due for a test, whatever their schedule says: until then no one
 * knows whether the mailbox can be opened. The keeper takes them as it takes those of schedules, so many at once.
 * An account that is being changed at this moment is left out: who waits for it here could wait for who waits for
 * the sign-in. The one that its page tests is due a minute later, and not any more once the page has tested it:
 * who signed in may have closed the browser.
 */
export async function letBeTested(tx: Transaction, signedIn: SignedInNow): Promise<void> {
  const { cloudProviderId, username, testedByPage } = signedIn;
  await tx.$executeRaw`UPDATE "EmailAccount" SET "nextTestAt" = CASE
    WHEN id = ${testedByPage}::uuid THEN now() + interval '1 minute' ELSE now() END WHERE id IN (
    SELECT e.id FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    WHERE p.id = ${cloudProviderId}::uuid AND e.active AND e."modernAuthentication"
      AND ${Prisma.raw(signedInName("e", "p"))} = ${username}
    FOR NO KEY UPDATE OF e SKIP LOCKED)`;
}
