import "server-only";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";

/**
 * In the same serializable transaction, after whatever takes someone's way in: of two who do that to each other
 * at once, one is refused. A sign-in at the company does not count, because it may be broken.
 *
 * @throws AppError conflict when no administrator is left who can sign in with a password
 */
export async function requireAdministratorLeft(tx: Transaction): Promise<void> {
  if ((await countLocalAdministrators(tx)) > 0) return;
  const message = "At least one administrator must be able to sign in with a password.";
  throw new AppError("conflict", message);
}

/** Active administrators who can sign in with a password, whatever becomes of their company's sign-in. */
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
