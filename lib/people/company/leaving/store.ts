import "server-only";
import { DAY_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";

/** A token ends what began before it, and no session lives so long. */
const KEPT_MS = DAY_MS;

/**
 * In the transaction of what it ends: one that ended nothing for a failure of ours is not taken (Back-Channel
 * Logout §2.6). @param id its `jti`; where there is none, what is signed of it @returns false when it was shown
 * before
 */
export async function takeLogoutToken(
  tx: Transaction,
  companySignInId: string,
  id: string,
): Promise<boolean> {
  const data = {
    hash: hashToken(`${companySignInId} ${id}`),
    expiresAt: await databaseNow(KEPT_MS, tx),
  };
  return (await tx.shownLogoutToken.createMany({ data, skipDuplicates: true })).count === 1;
}

export async function deleteOldLogoutTokens(): Promise<void> {
  await db().$executeRaw`DELETE FROM "ShownLogoutToken" WHERE "expiresAt" < now()`;
}
