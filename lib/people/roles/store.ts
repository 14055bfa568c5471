import "server-only";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";

/**
 * Last in the same serializable transaction: of two who take each other's way in at once, one is refused. A sign-in
 * at the company does not count, because it may be broken. @throws AppError conflict
 */
export async function requireAdministratorLeft(tx: Transaction): Promise<void> {
  if ((await countLocalAdministrators(tx)) > 0) return;
  const message = "At least one administrator must be able to sign in with a password.";
  throw new AppError("conflict", message);
}

/** Whatever becomes of their company's sign-in. */
export async function countLocalAdministrators(
  tx: Transaction = db(),
  butFor = "",
): Promise<number> {
  return tx.administrator.count({
    where: {
      role: "administrator",
      disabledAt: null,
      passwordHash: { not: null },
      ...(butFor && { id: { not: butFor } }),
    },
  });
}
