import { beforeEach, describe, expect, test } from "vitest";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { shared } from "@/lib/testing/shared";
import { withAccount } from "@/lib/testing/sign-in";
import { letExpire, seedOf } from "@/lib/testing/tokens";
import { waiting } from "./activity";
import { OWN_CLOCK, type Running, withPrograms } from "./programs";
import { proveEach } from "./proof";

const sandbox = withInstallation();
const programs = withPrograms("keeper");
const PATIENCE = { timeout: 20_000, interval: 5 };
const account = withAccount(administrator(), sandbox);
const seeding = shared(() => seedOf(account));

beforeEach(() => db().cloudProvider.deleteMany({ where: { emailAccounts: { none: {} } } }));

const seed = (count: number) =>
  seedAuthorizations(sandbox(), { count, perProvider: 10, dueInMs: -MINUTE_MS, ...seeding });
const startKeeper = () => {
  const env = { POSTKEY_REFRESH_AT_ONCE: "20", POSTKEY_REFRESH_PER_TENANT: "20" };
  return programs.start("keeper", { env });
};
const refreshes = () => tokenRequests(sandbox(), "refresh_token");
const held = () => db().tokenSet.count({ where: { leaseOwner: { not: null } } });
const beats = async ({ lines }: Running) => {
  expect(lines.join("\n")).not.toContain("keeper stopped");
  const last = await db().keeperHeartbeat.findFirst({ orderBy: { beatAt: "desc" } });
  return last?.beatAt.getTime() ?? 0;
};

test("a keeper that is killed between the answer and the save loses nothing", async () => {
  await seed(1);
  const row = await db().tokenSet.findFirstOrThrow({ where: { refreshDueAt: { lt: new Date() } } });
  const asked = refreshes();
  sandbox().faults.set("slow", { seconds: 60 });
  const victim = await startKeeper();
  await expect.poll(held, PATIENCE).toBe(1);
  await db().$transaction(
    async (tx) => {
      // The row is held from before the answer until after the end.
      await tx.$queryRaw`SELECT 1 FROM "TokenSet" WHERE "authorizationId" = ${row.authorizationId}::uuid FOR UPDATE`;
      await expect.poll(refreshes, PATIENCE).toBeGreaterThan(asked);
      sandbox().faults.clearAll();
      await expect.poll(waiting, PATIENCE).not.toEqual([]);
      victim.child.kill("SIGKILL");
      await victim.ended;
    },
    { timeout: 20_000 },
  );
  await proveEach();
});

test("a keeper that is told to stop stores first what is under way", async () => {
  await seed(40);
  sandbox().faults.set("slow", { seconds: 60 });
  const stopping = await startKeeper();
  await expect.poll(held, PATIENCE).toBe(20);
  const before = new Date();
  stopping.child.kill("SIGTERM");
  sandbox().faults.clearAll();
  await stopping.ended;
  expect(stopping.child.exitCode).toBe(0);
  expect(await held()).toBe(0);
  expect(await db().tokenSet.count({ where: { refreshedAt: { gte: before } } })).toBe(20);
});

test("a keeper works with nothing on its standard input, as a container starts it", async () => {
  const keeper = await programs.start("keeper", { isSupervised: false });
  for (let turn = 0; turn < 2; turn += 1) {
    const beat = await beats(keeper);
    await expect.poll(() => beats(keeper), PATIENCE).toBeGreaterThan(beat);
  }
  expect(keeper.child.exitCode).toBeNull();
});

test("a keeper whose supervisor is gone stops", async () => {
  const keeper = await startKeeper();
  keeper.child.stdin?.end();
  await keeper.ended;
  expect(keeper.child.exitCode).toBe(0);
});

describe("a keeper that something goes wrong in", () => {
  const started = (fault: string) => {
    const code = `process.on("SIGUSR2", () => setTimeout(() => { ${fault} }))`;
    const nodeArgs = [`--import=data:text/javascript,${encodeURIComponent(code)}`];
    return programs.start("keeper", { nodeArgs });
  };

  test.each([
    ["is thrown in a callback", "throw error"],
    ["rejects a promise of no one", "Promise.reject(error)"],
  ])("an error that %s is logged without what hangs on it, and ends it", async (_what, fault) => {
    const secret = "a refresh token that hangs on an error";
    const error = `Object.assign(new Error("thrown in a library"), { request: "${secret}" })`;
    const keeper = await started(`const error = ${error}; ${fault};`);
    keeper.child.kill("SIGUSR2");
    await keeper.ended;
    expect(keeper.child.exitCode).toBe(1);
    const told = keeper.lines.find((line) => line.includes("uncaught error"));
    expect(told).toContain("thrown in a library");
    expect(keeper.lines.join("\n")).not.toContain(secret);
  });

  test("as a clock that steps six hours goes on with its heartbeat and its renewals", async () => {
    const keeper = await programs.start("keeper", {
      nodeArgs: OWN_CLOCK,
      env: { TEST_CLOCK_STEP_MS: `${-6 * HOUR_MS}` },
    });
    await expect.poll(() => beats(keeper), PATIENCE).toBeGreaterThan(0);
    keeper.child.kill("SIGUSR2");
    const [beat, asked] = [await beats(keeper), refreshes()];
    await letExpire(account.cloudProviderId);
    await expect.poll(() => beats(keeper), PATIENCE).toBeGreaterThan(beat);
    await expect.poll(refreshes, PATIENCE).toBeGreaterThan(asked);
  });
});
