import "server-only";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";

/**
 * In the same serializable transaction, after whatever takes somebody's way in: of two who do that to each other
 * at once, one is refused. A sign-in at the company does not count, because it may be broken.
 *
 * @throws AppError conflict when no administrator is left who can sign in with a password
 */
export async function requireAdministratorLeft(tx: Transaction): Promise<void> {
  const left = await tx.administrator.count({
    where: { role: "administrator", disabledAt: null, passwordHash: { not: null } },
  });
  if (left > 0) return;
  const message = "At least one administrator must be able to sign in with a password.";
  throw new AppError("conflict", message);
}
