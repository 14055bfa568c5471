import { beforeAll, beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { startScriptedServer } from "@/e2e/servers/scripted-server";
import { cancelTestRun, startTestRun } from "@/lib/checks/runs/mutations";
import { findTestRun, foreseeTestRun, listTestRuns } from "@/lib/checks/runs/queries";
import { claimItems, endItem } from "@/lib/checks/runs/store";
import { releaseMailbox, takeMailbox } from "@/lib/checks/store";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db, pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { mailboxKey } from "@/lib/sign-ins/identities";
import { administrator } from "@/lib/testing/actors";
import { breakDatabase, empty } from "@/lib/testing/database";
import { withCapturedLog } from "@/lib/testing/log-capture";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, BOB, connectedAccount, signIn } from "@/lib/testing/sign-in";
import { Prisma } from "@/prisma/generated/client";
import { startTestRuns } from "./test-runs";

const sandbox = withInstallation();
const logged = withCapturedLog();
const ada = administrator();
const SUPPORT = "support@contoso.test";
const SALES = "sales@contoso.test";
let cloudProviderId: string;

beforeAll(async () => {
  ({ cloudProviderId } = await connectedAccount(ada, sandbox()));
  await signIn(ada, { subject: "another", cloudProviderId }, BOB);
});

beforeEach(() => empty("EmailAccount", "TestRun", "MailboxLease"));

async function addAccount(name: string, changes: Record<string, unknown> = {}): Promise<string> {
  const form = accountForm({ cloudProviderId, name, ...changes });
  return (await createEmailAccount(ada, form)).id;
}

async function addAccounts(count: number, changes: (index: number) => Record<string, unknown>) {
  for (let index = 0; index < count; index += 1)
    await addAccount(`Account ${index}`, changes(index));
}

/** Accounts at a server that says nothing. @returns what closes it, so that their tests end */
async function addSilentAccounts(count: number): Promise<() => Promise<void>> {
  const { port, close } = await startScriptedServer(() => {});
  await addAccountsAt(port, count);
  return close;
}

/** Accounts of which no two share a mailbox, and which fail at once: nothing listens there. */
const addFailing = (count: number) => addAccountsAt(1, count);

async function addAccountsAt(port: number, count: number): Promise<void> {
  env().mailPorts = new Set([...env().mailPorts, port]);
  env().privateHosts = new Set([...env().privateHosts, "localhost"]);
  const hosts = { imap: { host: "localhost", port, tls: "implicit" } };
  const custom = { service: "custom", modernAuthentication: false, password: "x", hosts };
  await addAccounts(count, (index) => ({ ...custom, username: `at${port}-${index}@contoso.test` }));
}

async function startAll(search = "") {
  const where = { active: true, nameKey: { contains: search.toLowerCase() } };
  const found = await db().emailAccount.findMany({ where, select: { id: true } });
  const emailAccountIds = found.map(({ id }) => id);
  return (await startTestRun(ada, { accounts: "selected", emailAccountIds })).id;
}
const counts = async (id: string) => (await findTestRun(ada, id))?.counts;
const PATIENCE = { timeout: 30_000 };
async function finished(id: string) {
  const isFinished = async () => (await findTestRun(ada, id))?.finishedAt !== null;
  await expect.poll(isFinished, PATIENCE).toBe(true);
  return findTestRun(ada, id);
}
const runs = async (id: string) => (await counts(id))?.running;

/** Watches until a run is over: the most items that ran at once, in all and of one mailbox. */
async function watch(...ids: string[]) {
  const most = { inAll: 0, ofOneMailbox: 0 };
  for (;;) {
    const rows = await db().$queryRaw<{ count: number }[]>`
      SELECT count(*)::int AS count FROM "TestRunItem" i
      JOIN "EmailAccount" e ON e.id = i."emailAccountId"
      -- A test is over once its report is stored, which frees its mailbox; its item is ended after that.
      WHERE i.state = 'running'
        AND NOT EXISTS (SELECT 1 FROM "ConnectionTest" t WHERE t.id = i."connectionTestId")
      GROUP BY ${Prisma.raw(mailboxKey("e"))}`;
    most.inAll = Math.max(
      most.inAll,
      rows.reduce((sum, { count }) => sum + count, 0),
    );
    most.ofOneMailbox = Math.max(most.ofOneMailbox, ...rows.map(({ count }) => count));
    const open = await db().testRun.count({ where: { id: { in: ids }, finishedAt: null } });
    if (open === 0) return most;
  }
}

test("a run that asks for it gets each account a new token first", async () => {
  await addAccount("Alice");
  const renewals = () => sandbox().requests().counts["token refresh_token"] ?? 0;
  const before = renewals();
  onTestFinished(startTestRuns());
  await finished(await startAll());
  expect(renewals()).toBe(before);
  const startFresh = () => startTestRun(ada, { accounts: "all", search: "" }, { isFresh: true });
  await finished((await startFresh()).id);
  expect(renewals()).toBe(before + 1);
  // A mailbox that the same person signs in for: one sign-in, one new token.
  await addAccount("Support", { emailAddress: SUPPORT });
  await finished((await startFresh()).id);
  expect(renewals()).toBe(before + 2);
});

describe("a run of many accounts", () => {
  test("of thirty with a mix of faults is summed up by cause, the widest first", async () => {
    await addAccount("Alice");
    await addAccount("Bob", { username: BOB, emailAddress: BOB });
    await addAccount("Support", { emailAddress: SUPPORT });
    await addAccount("Support by Bob", { username: BOB, emailAddress: SUPPORT });
    await addAccounts(6, () => ({ username: BOB, emailAddress: SALES }));
    await addFailing(20);
    await addAccount("Carol", { username: "carol@contoso.test" });
    const ofAll = await foreseeTestRun(ada, { accounts: "all", search: "" });
    expect(ofAll).toMatchObject({ accounts: 30, unsigned: 1 });
    const id = await startAll();
    const stop = startTestRuns(8);
    const most = await watch(id);
    await stop();
    const run = await findTestRun(ada, id);
    const over = { pending: 0, running: 0, skipped: 0, unsigned: 1, inactive: 0 };
    expect(run?.counts).toEqual({ ...over, ok: 3, failed: 27 });
    const kept = await db().testRun.findUnique({ where: { id } });
    expect(kept).toMatchObject({ failed: 27 });
    expect(run?.groups.map(({ remedy, accounts }) => [remedy.id, accounts])).toEqual([
      ["tcp.refused", 20],
      ["imap.no_full_access", 6],
      ["smtp.send_as_denied", 1],
    ]);
    expect(run?.groups[0]?.named).toHaveLength(5);
    expect(run?.groups[2]?.named).toMatchObject([{ name: "Support by Bob" }]);
    const reportId = run?.groups[2]?.named[0]?.connectionTestId ?? "";
    const report = await db().connectionTest.findUnique({ where: { id: reportId } });
    expect(report).toMatchObject({ verdict: "failed", startedByName: "Ada" });
    expect(most.inAll).toBeLessThanOrEqual(8);
    expect(most.ofOneMailbox).toBe(1);
    expect((await listTestRuns(ada)).rows).toMatchObject([{ id, total: 30, startedByName: "Ada" }]);
  });

  test("takes what the search finds and is active, or what was ticked", async () => {
    await addAccount("Alice");
    await addAccount("Sleeping", { active: false });
    const other = await addAccount("Other");
    const total = async (id: string) => (await findTestRun(ada, id))?.total;
    expect(await total(await startAll())).toBe(2);
    expect(await total(await startAll("othe"))).toBe(1);
    const ticked = { accounts: "selected" as const, emailAccountIds: [other] };
    expect(await total((await startTestRun(ada, ticked)).id)).toBe(1);
    for (const search of ["nothing like it", "Sleeping"])
      await expect(startAll(search)).rejects.toMatchObject({ code: "unprocessable" });
  });

  test("shares the places of all keepers with another one, and neither waits for the other's end", async () => {
    sandbox().faults.set("mail_slow", { seconds: 0.05 });
    await addFailing(12);
    const ids = [await startAll(), await startAll()];
    const stops = [startTestRuns(4), startTestRuns(4), startTestRuns(4)];
    let together = false;
    const noticing = (async () => {
      while (!together && (await db().testRun.count({ where: { finishedAt: null } })) === 2) {
        const [first, second] = await Promise.all(ids.map(counts));
        together = (first?.pending ?? 0) > 0 && (second?.failed ?? 0) > 0;
      }
    })();
    const { inAll, ofOneMailbox } = await watch(...ids);
    await noticing;
    for (const stop of stops) await stop();
    expect(inAll).toBeLessThanOrEqual(4);
    expect(ofOneMailbox).toBe(1);
    expect(together).toBe(true);
    for (const id of ids) expect(await counts(id)).toMatchObject({ failed: 12 });
    expect(await db().connectionTest.count()).toBe(24);
  });

  test("waits for a mailbox that is being tested by schedule", async () => {
    const emailAccountId = await addAccount("Alice");
    const owner = "0c4b2f9e-3a60-4f4e-8f0e-4c6f3c1a9d11";
    expect(await takeMailbox({ emailAccountId, owner })).toBe(true);
    const id = await startAll();
    expect(await claimItems(8, { scheduled: false })).toEqual([]);
    await releaseMailbox(owner);
    const [item] = await claimItems(8, { scheduled: false });
    expect(await takeMailbox({ emailAccountId, owner })).toBe(false);
    if (item) await endItem(item, { state: "ok", durationMs: 1 });
    expect(await takeMailbox({ emailAccountId, owner })).toBe(true);
    expect(await counts(id)).toMatchObject({ ok: 1 });
  });

  test("goes on in the one place that is left, whatever hangs in the others", async () => {
    const close = await addSilentAccounts(7);
    await addFailing(12);
    const id = await startAll();
    const stop = startTestRuns(8);
    // Before the first of those that hang is given up.
    const isGoingOn = async () => {
      const { failed, running } = (await counts(id)) ?? { failed: 0, running: 0 };
      return failed >= 3 && running >= 7;
    };
    await expect.poll(isGoingOn, PATIENCE).toBe(true);
    await expect.poll(async () => (await counts(id))?.failed, PATIENCE).toBeGreaterThanOrEqual(12);
    await cancelTestRun(ada, { testRunId: id });
    await stop();
    await close();
  });

  test("skips what was deleted before its turn, and while it was tested", async () => {
    await addFailing(3);
    const during = await addAccount("Deleted during its test");
    const id = await startAll();
    await db().emailAccount.deleteMany({ where: { name: "Account 0" } });
    sandbox().faults.set("mail_slow", { seconds: 0.2 });
    const stop = startTestRuns(8);
    await expect.poll(() => runs(id), PATIENCE).toBeGreaterThan(0);
    await db().emailAccount.delete({ where: { id: during } });
    const run = await finished(id);
    await stop();
    expect(run?.counts).toMatchObject({ failed: 2, skipped: 2 });
    expect(run?.groups).toHaveLength(1);
  });
});

describe("stopping", () => {
  test("a run ends at once: what waits is skipped, what runs is broken off", async () => {
    sandbox().faults.set("mail_hang");
    await addAccount("Alice");
    await addAccount("Bob", { username: BOB, emailAddress: BOB });
    await addAccounts(10, () => ({ emailAddress: SUPPORT }));
    const id = await startAll();
    const stop = startTestRuns(2);
    await expect.poll(() => runs(id), PATIENCE).toBe(2);
    await cancelTestRun(ada, { testRunId: id });
    expect((await counts(id))?.pending).toBe(0);
    await finished(id);
    await stop();
    expect(await counts(id)).toMatchObject({ skipped: 12 });
    expect(await db().connectionTest.count()).toBe(0);
    expect(await db().$queryRaw`SELECT * FROM "MailboxLease"`).toEqual([]);
    await expect(cancelTestRun(ada, { testRunId: id })).rejects.toMatchObject({ code: "conflict" });
    const trail = { where: { objectId: id }, orderBy: { id: "asc" } } as const;
    expect(await db().auditEvent.findMany(trail)).toMatchObject([
      { action: "test_run.start", objectName: "12 accounts", actorName: "Ada" },
      { action: "test_run.cancel", objectName: "12 accounts" },
    ]);
  });

  test("the keeper puts back what it tests, and the next one goes on", async () => {
    sandbox().faults.set("mail_hang");
    await addAccount("Alice");
    await addFailing(3);
    const id = await startAll();
    const stop = startTestRuns(8);
    await expect.poll(() => runs(id), PATIENCE).toBeGreaterThan(0);
    await stop();
    expect((await counts(id))?.running).toBe(0);
    sandbox().faults.clearAll();
    const stopNext = startTestRuns(8);
    expect((await finished(id))?.counts).toMatchObject({ ok: 1, failed: 3 });
    await stopNext();
  });
});

test("a keeper that dies leaves nothing out and nothing is stored twice", async () => {
  await addFailing(6);
  const id = await startAll();
  // It took four, stored the report of one of them, and died.
  const taken = await claimItems(4, { scheduled: false });
  expect(taken).toHaveLength(4);
  const [stored] = taken;
  const { connectionTestId = "", emailAccountId = "" } = stored ?? {};
  const report = { username: "x", emailAddress: "x", protocols: [] };
  const test = { durationMs: 1, verdict: "failed", startedByName: "Ada", report };
  await db().connectionTest.create({ data: { id: connectionTestId, emailAccountId, ...test } });
  const stop = startTestRuns(8);
  await expect.poll(async () => (await counts(id))?.failed, PATIENCE).toBe(2);
  expect((await counts(id))?.running).toBe(4);
  await db()
    .$executeRaw`UPDATE "TestRunItem" SET "leaseUntil" = now() - interval '1 s' WHERE state = 'running'`;
  await db().$executeRaw`UPDATE "MailboxLease" SET until = now()`;
  expect((await finished(id))?.counts).toMatchObject({ failed: 6 });
  await stop();
  const perAccount = await db().connectionTest.groupBy({ by: ["emailAccountId"], _count: true });
  expect(perAccount.map(({ _count }) => _count)).toEqual(Array(6).fill(1));
  expect(await db().connectionTest.count({ where: { id: connectionTestId } })).toBe(1);
});

test("what could not be stored because the database was away is tested again when it answers", async () => {
  const close = await addSilentAccounts(1);
  const id = await startAll();
  const stop = startTestRuns(8);
  await expect.poll(() => runs(id), PATIENCE).toBe(1);
  const heal = await breakDatabase(pool());
  await close();
  await expect.poll(() => logged.join("\n"), PATIENCE).toContain("test of a run broke off");
  heal();
  expect((await finished(id))?.counts).toMatchObject({ failed: 1 });
  await stop();
});
