import { beforeEach, describe, expect, onTestFinished, test, vi } from "vitest";
import { HOUR_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { retryAfterRegistrationFixed } from "@/lib/registrations/held-sign-ins/store";
import { administrator } from "@/lib/testing/actors";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { seedAuthorizations } from "@/lib/testing/seed-authorizations";
import { shared } from "@/lib/testing/shared";
import { withAccount } from "@/lib/testing/sign-in";
import { seedOf } from "@/lib/testing/tokens";
import { Refresher } from "./refresher";

const sandbox = withInstallation();
const account = withAccount(administrator(), sandbox);
const first = shared(() => seedOf(account));

beforeEach(async () => {
  await db().cloudProvider.deleteMany({ where: { emailAccounts: { none: {} } } });
  await db().platformPause.deleteMany();
});

const seed = (count: number, perProvider: number, dueInMs = -MINUTE_MS) =>
  seedAuthorizations(sandbox(), { count, perProvider, ...first, dueInMs });
const requests = () =>
  tokenRequests(sandbox(), "refresh_token") + tokenRequests(sandbox(), "fault");
const overlaps = () => tokenRequests(sandbox(), "overlap");
const inState = (state: string) => db().tokenSet.count({ where: { state } });
const leased = () => db().tokenSet.count({ where: { leaseUntil: { gt: new Date() } } });

/** Until nothing is due and nothing is under way. */
async function runDry(...refreshers: Refresher[]): Promise<void> {
  for (let started = 1; started > 0; ) {
    const counts = await Promise.all(refreshers.map((each) => each.fill()));
    started = counts.reduce((sum, count) => sum + count, 0);
    if (started > 0) await Promise.all(refreshers.map((each) => each.settle(10 * SECOND_MS)));
  }
}

describe("calls in flight", () => {
  test("are twenty at the most, and five of one tenant", async () => {
    sandbox().faults.set("slow", { seconds: 60 });
    await seed(40, 10);
    const refresher = new Refresher("keeper");
    expect(await refresher.fill()).toBe(20);
    const owned = await db().tokenSet.findMany({
      where: { leaseOwner: { startsWith: "keeper/" } },
      select: { authorization: { select: { tenantId: true } } },
    });
    const tenants = owned.map(({ authorization }) => authorization.tenantId);
    const counts = [...new Set(tenants)].map((id) => tenants.filter((each) => each === id).length);
    expect(counts).toEqual([5, 5, 5, 5]);
    expect(await refresher.fill()).toBe(0);
    sandbox().faults.clearAll();
    expect(await refresher.settle(MINUTE_MS)).toBe(true);
  });

  test("of a big tenant leave room for the others behind it", async () => {
    sandbox().faults.set("slow", { seconds: 60 });
    await seed(30, 30);
    await seed(4, 1);
    const refresher = new Refresher("keeper");
    const started = (await refresher.fill()) + (await refresher.fill());
    expect(started).toBe(9);
    sandbox().faults.clearAll();
    await refresher.settle(MINUTE_MS);
  });

  test("of tenants that take long to answer leave the next slots to the others, but for a quarter", async () => {
    await seed(10, 10, -HOUR_MS);
    await seed(5, 5);
    const refresher = new Refresher("keeper", { atOnce: 5, perTenant: 5 });
    const dueBefore = (agoMs: number) =>
      db().tokenSet.count({ where: { refreshDueAt: { lte: new Date(Date.now() - agoMs) } } });
    vi.useFakeTimers({ toFake: ["performance"] });
    onTestFinished(() => void vi.useRealTimers());
    // Of the slow tenant, whose sign-ins are due longest, and then of both.
    for (const [slow, both] of [
      [5, 10],
      [4, 5],
    ]) {
      expect(await refresher.fill()).toBe(5);
      vi.advanceTimersByTime(3 * SECOND_MS);
      await refresher.settle(10 * SECOND_MS);
      expect(await dueBefore(30 * MINUTE_MS)).toBe(slow);
      expect(await dueBefore(0)).toBe(both);
    }
  });

  test("are followed by others when a quarter of them has ended", async () => {
    sandbox().faults.set("slow", { seconds: 0.4 });
    await seed(40, 5);
    const refresher = new Refresher("keeper");
    await refresher.fill();
    await refresher.untilFree(MINUTE_MS);
    expect(await refresher.fill()).toBeGreaterThanOrEqual(5);
    await refresher.settle(10 * SECOND_MS);
    await runDry(refresher);
  });

  test("never meet for one sign-in, with three keepers at once", async () => {
    await seed(120, 10);
    sandbox().faults.set("slow", { seconds: 0.03 });
    const before = { requests: requests(), overlaps: overlaps() };
    await runDry(...["one", "two", "three"].map((name) => new Refresher(name)));
    expect(requests() - before.requests).toBe(120);
    expect(overlaps() - before.overlaps).toBe(0);
    expect(await inState("connected")).toBe(121);
    expect(await leased()).toBe(0);
  });
});

const waiting = () =>
  db().tokenSet.count({ where: { refreshDueAt: { lte: new Date() }, state: "connected" } });

test("a tenant that is told to wait is left alone by every keeper, and the others are not", async () => {
  await seed(12, 6);
  sandbox().faults.set("throttled", { seconds: 120, times: 1 });
  const before = requests();
  await runDry(new Refresher("one"));
  await runDry(new Refresher("two"));
  expect(await db().platformPause.count()).toBe(1);
  // Five of the tenant had been sent at once, before the answer; the sixth waits, unharmed.
  expect(requests() - before).toBe(11);
  expect(await inState("retrying")).toBe(1);
  expect(await waiting()).toBe(1);
});
describe("a platform that does not answer", () => {
  test("is left alone after a few calls, and nobody else's state changes", async () => {
    await seed(60, 1);
    sandbox().faults.set("server_error");
    const before = requests();
    const refresher = new Refresher("keeper");
    await runDry(refresher);
    expect(requests() - before).toBeLessThanOrEqual(20);
    expect(await inState("retrying")).toBeLessThanOrEqual(20);
    expect(await inState("connected")).toBeGreaterThanOrEqual(41);
    expect(await refresher.fill()).toBe(0);
  });

  test("is told from a tenant that alone gets no answer: the others are renewed meanwhile", async () => {
    await seed(5, 5, -HOUR_MS);
    await seed(40, 10);
    sandbox().faults.set("server_error", { times: 5 });
    const refresher = new Refresher("keeper", { atOnce: 5, perTenant: 5 });
    await refresher.fill();
    await refresher.settle(10 * SECOND_MS);
    expect(await inState("retrying")).toBe(5);
    await runDry(refresher);
    expect(await waiting()).toBe(0);
    expect(await inState("connected")).toBe(41);
  });
});

describe("a tenant that is left alone", () => {
  test("may be one that answers only that it is asked too often, and not until when to wait", async () => {
    await seed(30, 30);
    sandbox().faults.set("throttled_unsaid");
    const before = requests();
    await runDry(new Refresher("keeper"));
    expect(requests() - before).toBe(5);
    expect(await db().platformPause.count()).toBe(0);
  });

  test("costs no time while all others are at their limit", async () => {
    await seed(6, 6, -HOUR_MS);
    await seed(20, 20);
    const refresher = new Refresher("keeper", { atOnce: 20, perTenant: 5 });
    await db().tokenSet.updateMany({
      where: { refreshDueAt: { gte: new Date(Date.now() - 30 * MINUTE_MS) } },
      data: { leaseUntil: new Date(Date.now() + MINUTE_MS) },
    });
    sandbox().faults.set("server_error", { times: 5 });
    await refresher.fill();
    await refresher.settle(10 * SECOND_MS);
    expect(await inState("retrying")).toBe(5);
    await db().tokenSet.updateMany({ data: { leaseUntil: null } });
    for (let round = 0; round < 4; round += 1) {
      expect(await refresher.fill()).toBe(5);
      expect(await refresher.fill()).toBe(0);
      await refresher.settle(10 * SECOND_MS);
    }
    expect(await inState("connected")).toBe(22);
  });
});

test("a registration that is refused is asked about once, and everybody is renewed when it works again", async () => {
  await seed(12, 12);
  sandbox().faults.set("secret_expired");
  const before = requests();
  await runDry(new Refresher("keeper"));
  expect(requests() - before).toBeLessThanOrEqual(5);
  expect(await inState("fix_registration")).toBe(12);
  sandbox().faults.clearAll();
  const where = { failureId: { not: null } };
  const { id } = await db().cloudProvider.findFirstOrThrow({ where });
  await db().$transaction((tx) => retryAfterRegistrationFixed(tx, id));
  await runDry(new Refresher("keeper"));
  expect(await inState("connected")).toBe(13);
  // What was renewed is due again with room to spare.
  const row = await db().tokenSet.findFirstOrThrow({ orderBy: { refreshedAt: "desc" } });
  const spare = (row.accessTokenExpiresAt.getTime() - row.refreshDueAt.getTime()) / MINUTE_MS;
  expect(spare).toBeGreaterThan(14);
  expect(row.refreshDueAt.getTime()).toBeGreaterThan(Date.now() + 38 * MINUTE_MS);
});
