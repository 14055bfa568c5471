import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { startTestRun } from "@/lib/checks/runs/mutations";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { claimItems, settleRuns } from "@/lib/checks/runs/store";
import { scheduleNextTests } from "@/lib/email-accounts/test-schedule/store";
import { HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { empty } from "@/lib/testing/database";
import { withInstallation } from "@/lib/testing/sandbox";
import { withAccount } from "@/lib/testing/sign-in";
import { watchIncidents } from "@/lib/watch/incidents/watch";
import { startLoop } from "./loop";
import { startScheduledRuns } from "./test-runs";

const sandbox = withInstallation();
const ada = administrator();
const account = withAccount(ada, sandbox);
beforeEach(async () => {
  const { emailAccountId: id } = account;
  await empty("TestRun", "MailboxLease", "ConnectionTest", "Incident");
  await db().emailAccount.deleteMany({ where: { id: { not: id } } });
  const fresh = { testSchedule: "daily", nextTestAt: null, testFailureId: null };
  await db().emailAccount.update({ where: { id }, data: { ...fresh, testFailingSince: null } });
});

/** So many more accounts of the same sign-in, each with a mailbox of its own. */
async function addAccounts(count: number) {
  const { id, keyKey, nextTestAt, hosts, ...like } = await db().emailAccount.findUniqueOrThrow({
    where: { id: account.emailAccountId },
  });
  const rows = Array.from({ length: count }, (_, index) => ({
    ...like,
    id: randomUUID(),
    keyKey: randomUUID(),
    emailKey: `m${index}@contoso.test`,
  }));
  await db().emailAccount.createMany({ data: rows });
}

const SCHEDULED = { scheduled: true };
const running = () => db().testRunItem.count({ where: { state: "running" } });

/** A keeper's two loops: one creates runs of due tests, the other tests. */
function startTests(): () => Promise<void> {
  const stopSchedule = startLoop("scheduled tests", 50, startDueTests);
  const stopRuns = startScheduledRuns(20);
  return async () => {
    await stopSchedule();
    await stopRuns();
  };
}

const letAllBeDue = () => db().emailAccount.updateMany({ data: { nextTestAt: new Date(0) } });
const PATIENCE = { timeout: 30_000 };

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
    const counts = async () => {
      most = Math.max(most, await running());
      return testCounts();
    };
    const stop = startTests();
    await expect.poll(counts, PATIENCE).toEqual(Array(12).fill(1));
    await stop();
    expect(most).toBe(3);
    const next = await db().emailAccount.findMany({ select: { nextTestAt: true } });
    for (const { nextTestAt } of next) expect(nextTestAt?.getTime()).toBeGreaterThan(Date.now());
  });

  test("leave out what is inactive, off, not due or not signed in yet", async () => {
    const due = { active: true, testSchedule: "daily", nextTestAt: new Date(0) };
    for (const data of [
      { active: false },
      { testSchedule: "off", nextTestAt: null },
      { nextTestAt: new Date(Date.now() + MINUTE_MS) },
      { usernameKey: "new@contoso.test" },
    ]) {
      await addAccounts(1);
      const where = { id: { not: account.emailAccountId } };
      await db().emailAccount.updateMany({ where, data: { ...due, ...data } });
      expect(await startDueTests()).toBe(0);
      await db().emailAccount.deleteMany({ where });
    }
  });

  test("wait while the sign-in fails, and look again in five minutes", async () => {
    await letAllBeDue();
    await db().tokenSet.updateMany({ data: { state: "sign_in_again" } });
    const askedAt = Date.now();
    expect(await startDueTests()).toBe(0);
    await db().tokenSet.updateMany({ data: { state: "connected" } });
    const [row] = await db().emailAccount.findMany();
    const waitMs = Number(row?.nextTestAt) - askedAt;
    expect(Math.round(waitMs / MINUTE_MS)).toBeGreaterThanOrEqual(5);
    expect(Number(row?.nextTestAt)).toBeLessThan(Date.now() + 6 * MINUTE_MS);
  });

  test("of one provider never stand in line before those of another", async () => {
    await addAccounts(40);
    await letAllBeDue();
    const other = { cloudProviderId: null, service: "gmail", modernAuthentication: false };
    const added = { id: { not: account.emailAccountId } };
    const last = await db().emailAccount.findFirst({ where: added });
    await db().emailAccount.update({
      where: { id: last?.id ?? "" },
      data: { ...other, nextTestAt: new Date() },
    });
    // Three of the one, and the only one of the other.
    expect(await startDueTests()).toBe(4);
    expect(await startDueTests()).toBe(0);
  });

  test("one that ends its keeper every time is given up, and holds up nobody", async () => {
    await letAllBeDue();
    await startDueTests();
    const [poison] = await db().testRun.findMany();
    await db().testRunItem.updateMany({
      data: { state: "running", claims: 9, leaseUntil: new Date() },
    });
    expect(await claimItems(1, SCHEDULED)).toMatchObject([{ testRunId: poison?.id }]);
    await settleRuns(SCHEDULED);
    expect(await db().testRun.count()).toBe(1);
    await db().testRunItem.updateMany({ data: { leaseUntil: new Date() } });
    await db().mailboxLease.deleteMany();
    await settleRuns(SCHEDULED);
    expect(await db().testRun.count()).toBe(0);
    expect(await testCounts()).toEqual([0]);
  });

  test("leave their reports, and no run in the list of those of people", async () => {
    await letAllBeDue();
    await startDueTests();
    expect(await db().testRun.findMany()).toMatchObject([{ scheduled: true, total: 1 }]);
    expect((await listTestRuns(ada)).rows).toEqual([]);
    const stop = startTests();
    const reports = () => db().connectionTest.findMany();
    await expect.poll(reports, PATIENCE).toMatchObject([{ startedByName: "Postkey" }]);
    await expect.poll(() => db().testRun.count(), PATIENCE).toBe(0);
    await stop();
    const told = await db().event.findFirstOrThrow({ orderBy: { id: "desc" } });
    const payload = { id: account.emailAccountId };
    expect(told).toMatchObject({ type: "email_account", payload });
  });

  test("have places of their own beside the runs that people begin", async () => {
    await addAccounts(1);
    await letAllBeDue();
    expect(await startDueTests()).toBe(2);
    await startTestRun(ada, { accounts: "all", search: "" });
    expect(await claimItems(1, SCHEDULED)).toHaveLength(1);
    const byPerson = await claimItems(1, { scheduled: false });
    expect(byPerson).toMatchObject([{ startedByName: "Ada" }]);
    expect(await claimItems(1, { scheduled: false })).toEqual([]);
  });

  test("that fail are run again in five minutes, and are one incident until one passes", async () => {
    sandbox().faults.set("imap_disabled");
    await letAllBeDue();
    const stop = startTests();
    await expect.poll(testCounts, PATIENCE).toEqual([1]);
    await stop();
    const [failed] = await db().emailAccount.findMany();
    expect(failed?.testFailureId).toMatch(/^imap\./);
    expect(failed?.testFailingSince).not.toBeNull();
    expect((failed?.nextTestAt?.getTime() ?? 0) - Date.now()).toBeLessThan(6 * MINUTE_MS);
    await watchIncidents({ enqueue: async () => {} });
    expect(await db().incident.findMany()).toMatchObject([{ kind: "mail", accounts: 1 }]);
    sandbox().faults.clearAll();
    await letAllBeDue();
    const stopAgain = startTests();
    await expect.poll(testCounts, PATIENCE).toEqual([2]);
    await stopAgain();
    const well = { testFailureId: null, testFailingSince: null };
    expect(await db().emailAccount.findMany()).toMatchObject([well]);
    await watchIncidents({ enqueue: async () => {} });
    const [quiet] = await db().incident.findMany();
    expect(quiet?.quietSince).not.toBeNull();
  });
});

test("daily tests are spread over the whole day", async () => {
  const [bins, binMs] = [24, HOUR_MS];
  await addAccounts(59);
  const ids = await db().emailAccount.findMany({ select: { id: true } });
  for (const { id } of ids) await scheduleNextTests(db(), [id]);
  const now = Date.now();
  const rows = await db().emailAccount.findMany({ select: { nextTestAt: true } });
  // The first of them may be due by now.
  const binOf = (at: Date | null) => Math.max(Math.floor((Number(at) - now) / binMs), 0);
  const used = new Set(rows.map(({ nextTestAt }) => binOf(nextTestAt)));
  expect(Math.max(...used)).toBeLessThan(bins);
  // By chance alone fewer would be as good as impossible.
  expect(used.size).toBeGreaterThanOrEqual(bins / 2);
});
