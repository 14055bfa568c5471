import { randomUUID } from "node:crypto";
import type { PgBoss } from "pg-boss";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { scheduleNextTests } from "@/lib/email-accounts/test-schedule/store";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { PARKED, startBoss, TESTS } from "./boss";
import { putDueTestsInLine } from "./due-tests";
import { startTests } from "./run-tests";

const sandbox = withInstallation();
const ada = administrator();
let boss: PgBoss;
let account: { cloudProviderId: string; emailAccountId: string };

beforeAll(async () => {
  boss = await startBoss();
  account = await connectedAccount(ada, sandbox());
});
afterAll(() => boss.stop({ timeout: 2_000 }));
beforeEach(async () => {
  const { emailAccountId: id } = account;
  await boss.deleteAllJobs();
  await db().connectionTest.deleteMany();
  await db().incident.deleteMany();
  await db().emailAccount.deleteMany({ where: { id: { not: id } } });
  const fresh = { testSchedule: "daily", nextTestAt: null, testFailureId: null };
  await db().emailAccount.update({ where: { id }, data: { ...fresh, testFailingSince: null } });
});

/** So many more accounts of the same sign-in, each with a mailbox of its own unless said. */
async function addAccounts(count: number, { sameMailbox = false } = {}) {
  const { id, keyKey, nextTestAt, hosts, ...like } = await db().emailAccount.findUniqueOrThrow({
    where: { id: account.emailAccountId },
  });
  const rows = Array.from({ length: count }, (_, index) => ({
    ...like,
    id: randomUUID(),
    keyKey: randomUUID(),
    emailKey: sameMailbox ? like.emailKey : `m${index}@contoso.test`,
  }));
  await db().emailAccount.createMany({ data: rows });
}

const letAllBeDue = () => db().emailAccount.updateMany({ data: { nextTestAt: new Date(0) } });
const eventually = (check: () => Promise<void>) =>
  vi.waitFor(check, { timeout: 15_000, interval: 50 });

/** How often each account was tested, in ascending order. */
async function testCounts(): Promise<number[]> {
  const rows = await db().emailAccount.findMany({ select: { _count: true } });
  return rows.map(({ _count }) => _count.connectionTests).sort();
}

describe("scheduled tests", () => {
  test("run once each when they are due, at most three per provider", async () => {
    await addAccounts(11);
    await letAllBeDue();
    let most = 0;
    const stop = startTests(boss);
    await eventually(async () => {
      const active = await boss.findJobs(TESTS);
      most = Math.max(most, active.filter(({ state }) => state === "active").length);
      expect(await testCounts()).toEqual(Array(12).fill(1));
    });
    await stop();
    expect(most).toBe(3);
    const next = await db().emailAccount.findMany({ select: { nextTestAt: true } });
    for (const { nextTestAt } of next) expect(nextTestAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test("run one at once per mailbox", async () => {
    await addAccounts(3, { sameMailbox: true });
    await letAllBeDue();
    expect(await putDueTestsInLine(boss)).toBe(4);
    expect(await boss.fetch(TESTS, { batchSize: 10 })).toHaveLength(1);
    expect(await boss.fetch(TESTS, { batchSize: 10 })).toHaveLength(0);
  });

  test("leave out what is inactive, off or not due", async () => {
    await letAllBeDue();
    for (const data of [
      { active: false },
      { testSchedule: "off" },
      { nextTestAt: new Date(Date.now() + MINUTE_MS) },
    ]) {
      await db().emailAccount.updateMany({
        data: { active: true, testSchedule: "daily", nextTestAt: new Date(0), ...data },
      });
      expect(await putDueTestsInLine(boss)).toBe(0);
    }
    await db().emailAccount.updateMany({ data: { active: true } });
  });

  test("wait while the sign-in fails, and look again in five minutes", async () => {
    await letAllBeDue();
    await db().tokenSet.updateMany({ data: { state: "sign_in_again" } });
    expect(await putDueTestsInLine(boss)).toBe(0);
    await db().tokenSet.updateMany({ data: { state: "connected" } });
    const [row] = await db().emailAccount.findMany();
    expect(Math.abs((row?.nextTestAt?.getTime() ?? 0) - Date.now() - 5 * MINUTE_MS)).toBeLessThan(
      MINUTE_MS,
    );
  });

  test("of one provider never stand in line before those of another", async () => {
    await addAccounts(40);
    await letAllBeDue();
    const other = { cloudProviderId: null, service: "gmail", modernAuthentication: false };
    const [last] = await db().emailAccount.findMany({ orderBy: { id: "desc" }, take: 1 });
    await db().emailAccount.update({
      where: { id: last?.id ?? "" },
      data: { ...other, nextTestAt: new Date() },
    });
    // Twelve of the one, and the only one of the other.
    expect(await putDueTestsInLine(boss)).toBe(13);
    expect(await putDueTestsInLine(boss)).toBe(0);
  });

  test("survive a keeper that dies: none is left out and none is stored twice", async () => {
    await addAccounts(5);
    await letAllBeDue();
    await putDueTestsInLine(boss);
    // It took three, stored the result of one of them, and died.
    const [taken] = await boss.fetch<{ emailAccountId: string }>(TESTS, { batchSize: 3 });
    await db().connectionTest.create({
      data: {
        id: taken?.id ?? "",
        emailAccountId: taken?.data.emailAccountId ?? "",
        durationMs: 1,
        verdict: "ok",
        startedByName: "Postkey",
        report: {},
      },
    });
    await db()
      .$executeRaw`UPDATE pgboss.job SET started_on = now() - interval '1 hour' WHERE state = 'active'`;
    await db().$executeRaw`UPDATE pgboss.queue SET monitor_on = NULL`;
    await boss.supervise(TESTS);
    await db().$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`;
    const stop = startTests(boss);
    await eventually(async () => {
      const jobs = await boss.findJobs(TESTS);
      expect(jobs.map(({ state }) => state)).toEqual(Array(6).fill("completed"));
    });
    await stop();
    expect(await testCounts()).toEqual(Array(6).fill(1));
  });

  test("that a stopping keeper breaks off are run by the next one", async () => {
    await addAccounts(5);
    await letAllBeDue();
    const stop = startTests(boss);
    await eventually(async () =>
      expect((await boss.findJobs(TESTS)).some(({ state }) => state === "active")).toBe(true),
    );
    const startedAt = performance.now();
    await stop();
    expect(performance.now() - startedAt).toBeLessThan(2_000);
    expect((await boss.findJobs(TESTS)).filter(({ state }) => state === "active")).toEqual([]);
    await db().$executeRaw`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`;
    const stopNext = startTests(boss);
    await eventually(async () => expect(await testCounts()).toEqual(Array(6).fill(1)));
    await stopNext();
  });

  test("a job that fails every time is parked and holds up nobody", async () => {
    await boss.send(
      TESTS,
      { emailAccountId: "poison" },
      { retryLimit: 1, retryDelay: 0, priority: 9 },
    );
    await letAllBeDue();
    const stop = startTests(boss);
    await eventually(async () => {
      expect(await testCounts()).toEqual([1]);
      expect(await boss.findJobs(PARKED)).toMatchObject([{ data: { emailAccountId: "poison" } }]);
    });
    await stop();
  });

  test("that fail are run again in five minutes, and are one incident until one passes", async () => {
    sandbox().faults.set("imap_disabled");
    await letAllBeDue();
    const stop = startTests(boss);
    await eventually(async () => expect(await testCounts()).toEqual([1]));
    await stop();
    const [failed] = await db().emailAccount.findMany();
    expect(failed?.testFailureId).toMatch(/^imap\./);
    expect(failed?.testFailingSince).not.toBeNull();
    expect((failed?.nextTestAt?.getTime() ?? 0) - Date.now()).toBeLessThan(6 * MINUTE_MS);
    await watchIncidents({ enqueue: async () => {} });
    expect(await db().incident.findMany()).toMatchObject([
      { kind: "mail", accounts: 1, announcedAt: null },
    ]);
    sandbox().faults.clearAll();
    await letAllBeDue();
    const stopAgain = startTests(boss);
    await eventually(async () => expect(await testCounts()).toEqual([2]));
    await stopAgain();
    expect((await db().emailAccount.findMany())[0]).toMatchObject({
      testFailureId: null,
      testFailingSince: null,
    });
    await watchIncidents({ enqueue: async () => {} });
    const [quiet] = await db().incident.findMany();
    expect(quiet?.quietSince).not.toBeNull();
    expect(await db().alert.count()).toBe(0);
  });
});

test.each([
  ["daily", 24, 3_600_000],
  ["hourly", 12, 300_000],
])(
  "%s tests of 1,200 accounts are spread over the whole of it",
  async (testSchedule, bins, binMs) => {
    await addAccounts(1_199);
    await db().emailAccount.updateMany({ data: { testSchedule } });
    const ids = await db().emailAccount.findMany({ select: { id: true } });
    for (const { id } of ids) await scheduleNextTests(db(), [id]);
    // The first of them may be due by now.
    const now = Date.now();
    const rows = await db().emailAccount.findMany({ select: { nextTestAt: true } });
    const counts = Array<number>(bins).fill(0);
    for (const { nextTestAt } of rows) {
      const bin = Math.max(Math.floor(((nextTestAt?.getTime() ?? 0) - now) / binMs), 0);
      counts[bin] = (counts[bin] ?? 0) + 1;
    }
    const share = 1_200 / bins;
    for (const count of counts) expect(Math.abs(count - share)).toBeLessThan(share * 0.6);
  },
);
