import { beforeAll, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import { openedCache } from "@/lib/testing/tokens";
import { Refresher } from "./refresher";

const sandbox = withInstallation();
let cache: string;
let homeAccountId: string;

beforeAll(async () => {
  const { cloudProviderId } = await connectedAccount(administrator(), sandbox());
  cache = await openedCache(cloudProviderId);
  ({ homeAccountId } = await db().authorization.findFirstOrThrow());
});

const seed = (count: number, perProvider: number, dueInMs = -MINUTE_MS) =>
  seedAuthorizations(sandbox(), {
    count,
    perProvider,
    cache,
    homeAccountId,
    dueInMs,
  });
/** Until nothing is due and nothing is under way. */
async function runDry(...refreshers: Refresher[]): Promise<void> {
  for (let started = 1; started > 0; ) {
    const counts = await Promise.all(refreshers.map((each) => each.fill()));
    started = counts.reduce((sum, count) => sum + count, 0);
    if (started > 0) await Promise.all(refreshers.map((each) => each.settle(10 * SECOND_MS)));
  }
}

test("calls of tenants that take long to answer leave the next slots to the others, but for a quarter", async () => {
  await seed(10, 10, -HOUR_MS);
  await seed(5, 5);
  sandbox().faults.set("slow", { seconds: 2.5, times: 5 });
  const refresher = new Refresher("keeper", { atOnce: 5, perTenant: 5 });
  const dueBefore = (agoMs: number) =>
    db().tokenSet.count({ where: { refreshDueAt: { lte: new Date(Date.now() - agoMs) } } });
  // Of the slow tenant, whose sign-ins are due longest, and then of both.
  for (const [slow, both] of [
    [5, 10],
    [4, 5],
  ]) {
    expect(await refresher.fill()).toBe(5);
    await refresher.settle(10 * SECOND_MS);
    expect(await dueBefore(30 * MINUTE_MS)).toBe(slow);
    expect(await dueBefore(0)).toBe(both);
  }
  await runDry(refresher);
});
