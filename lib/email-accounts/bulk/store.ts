import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import type { Transaction } from "@/lib/kernel/transaction";
import { selectedAccounts } from "./queries";
import { type FindSelected, MAX_CHANGED } from "./schema";
import { requireSeen } from "./seen";

export type LockedAccount = {
  id: string;
  name: string;
  active: boolean;
  contactListId: string | null;
  cloudProviderId: string | null;
  testSchedule: string;
  service: string;
  modernAuthentication: boolean;
  version: number;
};

/**
 * The accounts of a selection, locked in one order, so that two who change the same ones wait for each other
 * instead of in a ring.
 *
 * @throws AppError stale, unprocessable: see requireSeen
 */
export async function lockSelected(
  tx: Transaction,
  actor: Actor,
  { selection, expected, seenAs }: FindSelected,
): Promise<LockedAccount[]> {
  // Ends: More are refused, before anything is changed.
  const rows = await tx.$queryRaw<LockedAccount[]>`
    SELECT e.id, e.name, e.active, e."contactListId", e."cloudProviderId", e."testSchedule", e.service,
      e."modernAuthentication", e.version
    FROM "EmailAccount" e WHERE ${selectedAccounts(selection, actor)}
    ORDER BY e.id LIMIT ${MAX_CHANGED + 1} FOR UPDATE OF e`;
  requireSeen(rows, { selection, expected, seenAs });
  return rows;
}
