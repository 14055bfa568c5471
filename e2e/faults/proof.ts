import { expect } from "vitest";
import { Refresher } from "@/lib/keeper/refresher";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";

const endLeases = () => db().tokenSet.updateMany({ data: { leaseOwner: null, leaseUntil: null } });

/** The proof that no sign-in is lost: each stored refresh token is used, and works. */
export async function proveEach(): Promise<void> {
  await endLeases();
  const startedAt = new Date();
  await db().tokenSet.updateMany({ data: { refreshDueAt: new Date(0) } });
  const refresher = new Refresher("proof", { atOnce: 20, perTenant: 20 });
  const where = { state: "connected", refreshedAt: { gte: startedAt } };
  // A row that a dead process's statement still holds is passed over.
  const unproved = async () => {
    while ((await refresher.fill()) > 0) await refresher.settle(MINUTE_MS);
    return (await db().tokenSet.count()) - (await db().tokenSet.count({ where }));
  };
  await expect.poll(unproved).toBe(0);
}
