import { randomInt } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Refresher } from "@/lib/keeper/refresher";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { either, report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { connectedAccount } from "@/lib/testing/sign-in";
import { openedCache } from "@/lib/testing/tokens";
import { buildKeeper, type KeeperProcess, startKeeper } from "./keeper-process";

const sandbox = withInstallation();
const running = new Set<KeeperProcess>();
let key: string | undefined;
let cache: string;
let homeAccountId: string;

beforeAll(async () => {
  // The product takes it out of its environment at the first use.
  key = process.env.POSTKEY_KEY;
  const { cloudProviderId } = await connectedAccount(administrator(), sandbox());
  cache = await openedCache(cloudProviderId);
  ({ homeAccountId } = await db().authorization.findFirstOrThrow());
  await buildKeeper();
}, 60_000);

beforeEach(async () => {
  await db().cloudProvider.deleteMany({ where: { emailAccounts: { none: {} } } });
});

afterEach(async () => {
  for (const keeper of running) keeper.child.kill("SIGKILL");
  await Promise.all([...running].map((keeper) => keeper.ended));
  running.clear();
});

function keeper(): KeeperProcess {
  const started = startKeeper({
    POSTKEY_KEY: key,
    POSTKEY_REFRESH_AT_ONCE: "20",
    POSTKEY_REFRESH_PER_TENANT: "20",
  });
  running.add(started);
  void started.ended.then(() => running.delete(started));
  return started;
}

const seed = (count: number) =>
  seedAuthorizations(sandbox(), {
    count,
    perProvider: 10,
    cache,
    homeAccountId,
    dueInMs: -MINUTE_MS,
  });
const refreshes = () => tokenRequests(sandbox(), "refresh_token");
const overlaps = () => tokenRequests(sandbox(), "overlap");
const endLeases = () => db().tokenSet.updateMany({ data: { leaseOwner: null, leaseUntil: null } });
const inState = (state: string) => db().tokenSet.count({ where: { state } });

/** The proof that nothing is lost: each stored refresh token is used, and works. */
async function proveEach(): Promise<void> {
  sandbox().faults.clearAll();
  await endLeases();
  const startedAt = new Date();
  await db().tokenSet.updateMany({ data: { refreshDueAt: new Date(0) } });
  const refresher = new Refresher("proof", { atOnce: 20, perTenant: 20 });
  while ((await refresher.fill()) > 0) await refresher.settle(MINUTE_MS);
  const total = await db().tokenSet.count();
  const proved = { state: "connected", refreshedAt: { gte: startedAt } };
  expect(await db().tokenSet.count({ where: proved })).toBe(total);
}

describe("keepers that are killed", () => {
  const { kills, count } = either({
    short: { kills: 16, count: 300 },
    long: { kills: 400, count: 3_000 },
  });

  test(
    `lose none of ${count} sign-ins over ${kills} SIGKILLs, and never renew one twice at once`,
    async () => {
      await seed(count);
      // Tokens that live a minute keep both keepers busy; a moment's delay shows what meets.
      sandbox().faults.set("short_token", { seconds: 60 });
      sandbox().faults.set("slow", { seconds: 0.02 });
      const before = refreshes();
      let killed = 0;
      const lane = async () => {
        while (killed < kills) {
          const victim = keeper();
          await victim.ready;
          await sleep(randomInt(50, 1_200));
          victim.child.kill("SIGKILL");
          killed += 1;
          await victim.ended;
        }
      };
      // What the dead held is due again after its lease; so that work never ends, it ends earlier here.
      const reviver = setInterval(() => void endOldLeases(), 2 * SECOND_MS);
      await Promise.all([lane(), lane()]);
      clearInterval(reviver);
      const renewed = refreshes() - before;
      expect(renewed).toBeGreaterThan(kills);
      expect(overlaps()).toBe(0);
      expect(await inState("sign_in_again")).toBe(0);
      await proveEach();
      report("killed keepers", { kills: killed, "sign-ins": count, renewed, lost: 0, overlaps: 0 });
    },
    either({ short: 120_000, long: 45 * MINUTE_MS }),
  );
});

/** Leases that outlived any call: a call takes 20 ms here, so two seconds are as good as sixty. */
async function endOldLeases(): Promise<void> {
  await pool().query(
    `UPDATE "TokenSet" SET "leaseUntil" = now(), "refreshDueAt" = now()
     WHERE "leaseUntil" BETWEEN now() AND now() + interval '57 seconds'`,
  );
}

describe("a keeper", () => {
  test("that is told to stop stores what is under way first", async () => {
    await seed(40);
    sandbox().faults.set("slow", { seconds: 0.5 });
    const stopping = keeper();
    await stopping.ready;
    await sleep(300);
    const before = Date.now();
    stopping.child.kill("SIGTERM");
    await stopping.ended;
    expect(stopping.child.exitCode).toBe(0);
    expect(Date.now() - before).toBeLessThan(10 * SECOND_MS);
    expect(await db().tokenSet.count({ where: { leaseOwner: { not: null } } })).toBe(0);
    const renewed = { refreshedAt: { gte: new Date(before) } };
    expect(await db().tokenSet.count({ where: renewed })).toBe(20);
  });

  test("that is killed between the answer and the save loses nothing", async () => {
    await seed(1);
    const row = await db().tokenSet.findFirstOrThrow({
      where: { refreshDueAt: { lt: new Date() } },
    });
    const victim = keeper();
    await victim.ready;
    const asked = refreshes();
    await db().$transaction(
      async (tx) => {
        // The row is held from before the answer until after the end.
        await waitUntil(async () => (await leaseOf(row.authorizationId)) !== null);
        await tx.$queryRaw`SELECT 1 FROM "TokenSet" WHERE "authorizationId" = ${row.authorizationId}::uuid FOR UPDATE`;
        await waitUntil(async () => refreshes() > asked);
        await sleep(200);
        victim.child.kill("SIGKILL");
        await victim.ended;
      },
      { timeout: 20_000 },
    );
    await proveEach();
  });

  test("that was paused for longer than its lease saves nothing of what it fetched", async () => {
    await seed(5);
    sandbox().faults.set("slow", { seconds: 1 });
    const paused = keeper();
    await paused.ready;
    await waitUntil(
      async () => (await db().tokenSet.count({ where: { leaseOwner: { not: null } } })) > 0,
    );
    paused.child.kill("SIGSTOP");
    await sleep(1_200);
    await endLeases();
    sandbox().faults.clearAll();
    const other = new Refresher("other");
    while ((await other.fill()) > 0) await other.settle(MINUTE_MS);
    const stored = await db().tokenSet.findMany({ orderBy: { authorizationId: "asc" } });
    paused.child.kill("SIGCONT");
    await sleep(1_500);
    expect(await db().tokenSet.findMany({ orderBy: { authorizationId: "asc" } })).toEqual(stored);
    await proveEach();
  });
});

async function leaseOf(authorizationId: string): Promise<string | null> {
  const row = await db().tokenSet.findUniqueOrThrow({ where: { authorizationId } });
  return row.leaseOwner;
}

async function waitUntil(isSo: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 10_000; !(await isSo()); await sleep(5))
    if (Date.now() > deadline) throw new Error("It did not come to that.");
}
