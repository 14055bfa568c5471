import { expect } from "vitest";
import { Refresher } from "@/lib/keeper/refresher";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";

/** The proof that no sign-in is lost: each stored refresh token is used, and works. */
export async function proveEach(): Promise<void> {
  const refresher = new Refresher("proof", { atOnce: 20, perTenant: 20 });
  const where = { NOT: { state: "connected", refreshedAt: { gte: new Date() } } };
  const data = { leaseOwner: null, leaseUntil: null, refreshDueAt: new Date(0) };
  const unproved = async () => {
    // Each time: what a dead process sent may be stored only now, and be due later.
    await db().tokenSet.updateMany({ where, data });
    while ((await refresher.fill()) > 0) await refresher.settle(MINUTE_MS);
    return db().tokenSet.count({ where });
  };
  await expect.poll(unproved).toBe(0);
}
