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
  while ((await refresher.fill()) > 0) await refresher.settle(MINUTE_MS);
  const proved = { state: "connected", refreshedAt: { gte: startedAt } };
  expect(await db().tokenSet.count({ where: proved })).toBe(await db().tokenSet.count());
}
