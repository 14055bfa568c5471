import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { selectedAccounts } from "./queries";
import { MAX_CHANGED, type Selection } from "./schema";

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
 * @throws AppError stale when a list shows another number than was seen, unprocessable when there are none,
 * or too many
 */
export async function lockSelected(
  tx: Transaction,
  actor: Actor,
  { selection, expected }: { selection: Selection; expected?: number | undefined },
): Promise<LockedAccount[]> {
  const rows = await tx.$queryRaw<LockedAccount[]>`
    SELECT e.id, e.name, e.active, e."contactListId", e."cloudProviderId", e."testSchedule", e.service,
      e."modernAuthentication", e.version
    FROM "EmailAccount" e WHERE ${selectedAccounts(selection, actor)}
    ORDER BY e.id LIMIT ${MAX_CHANGED + 1} FOR UPDATE OF e`;
  if (rows.length > MAX_CHANGED) throw new AppError("unprocessable", TOO_MANY);
  const isAnother = expected !== undefined && expected !== rows.length;
  if (selection.accounts === "all" && isAnother) throw anotherNumber(rows.length, expected);
  if (rows.length === 0)
    throw new AppError("unprocessable", "None of these accounts exists any more.");
  return rows;
}

const TOO_MANY = `You can change up to ${MAX_CHANGED.toLocaleString("en")} accounts at once. Narrow the list.`;

function anotherNumber(count: number, expected: number): AppError {
  return new AppError(
    "stale",
    `The list shows ${count.toLocaleString("en")} accounts now, not ${expected.toLocaleString("en")}. Nothing was changed. Look at the list again, then repeat this.`,
  );
}
