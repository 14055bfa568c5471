import { randomUUID } from "node:crypto";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { createSession } from "@/lib/access/administrators/store";
import { testConnection } from "@/lib/checks/run";
import { cancelTestRun, startTestRun } from "@/lib/checks/runs/mutations";
import { findTestRun } from "@/lib/checks/runs/queries";
import { deleteOldTestRuns } from "@/lib/checks/runs/store";
import { deleteOldTests } from "@/lib/checks/store";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { tidyUp } from "@/lib/keeper/tidy-up";
import { DAY_MS, HOUR_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { letExpire } from "@/lib/testing/tokens";
import { deleteOldAlerts } from "@/lib/watch/alerts/store";
import { deleteOldIncidents } from "@/lib/watch/incidents/store";
import { heldRows, lostSince } from "./held-rows";
import { OWN_CLOCK, type Running, withPrograms } from "./programs";

const sandbox = withInstallation();
const programs = withPrograms("keeper");
const ada = administrator();
let account: { cloudProviderId: string; emailAccountId: string };

beforeAll(async () => {
  const { id: contactListId } = await createContactList(ada, { name: "Customers" });
  account = await connectedAccount(ada, sandbox(), { contactListId });
}, 120_000);

afterEach(() => {
  vi.useRealTimers();
});

type Clock = { offsetMs?: number; stepMs?: number };

/** A keeper with a wall clock of its own; it steps when the process is told to. */
function startWith({ offsetMs = 0, stepMs = 0 }: Clock): Promise<Running> {
  return programs.start("keeper", {
    nodeArgs: OWN_CLOCK,
    env: { TEST_CLOCK_OFFSET_MS: `${offsetMs}`, TEST_CLOCK_STEP_MS: `${stepMs}` },
  });
}

const lastBeat = async () =>
  (await db().keeperHeartbeat.findFirst({ orderBy: { beatAt: "desc" } }))?.beatAt.getTime() ?? 0;
const refreshes = () => tokenRequests(sandbox(), "refresh_token");

describe.each([
  ["back", -6 * HOUR_MS],
  ["forward", 6 * HOUR_MS],
])("a keeper whose clock steps six hours %s in mid-run", (where, stepMs) => {
  test("goes on: heartbeat, renewal, capture, and a run of tests that is stopped", async () => {
    const { child } = await startWith({ stepMs });
    await expect.poll(lastBeat, { timeout: 20_000 }).toBeGreaterThan(0);
    child.kill("SIGUSR2");
    const steppedAt = performance.now();
    const [beat, asked] = [await lastBeat(), refreshes()];
    await letExpire(account.cloudProviderId);
    await expect.poll(lastBeat, { timeout: 20_000 }).toBeGreaterThan(beat);
    await expect.poll(refreshes, { timeout: 20_000 }).toBeGreaterThan(asked);
    await expect.poll(isFollowed, { timeout: 60_000 }).toBe(true);
    sandbox().faults.set("mail_slow", { seconds: 2 });
    const { id } = await startTestRun(ada, { accounts: "all", search: "" });
    await expect.poll(async () => (await findTestRun(ada, id))?.counts.running).toBe(1);
    await cancelTestRun(ada, { testRunId: id });
    const isOver = async () => (await findTestRun(ada, id))?.finishedAt !== null;
    await expect.poll(isOver, { timeout: 10_000 }).toBe(true);
    const seconds = ((performance.now() - steppedAt) / SECOND_MS).toFixed(0);
    report(`a clock that steps ${where} under a keeper`, { "all moved after s": seconds });
  }, 180_000);
});

async function isFollowed(): Promise<boolean> {
  const { rows } = await pool().query<{ isNow: boolean }>(
    `SELECT "readAt" > now() - interval '1 minute' AS "isNow" FROM "CaptureState"`,
  );
  return rows[0]?.isNow ?? false;
}

describe("a process whose clock is 400 days ahead", () => {
  /** One of everything that is deleted or erased some day, as of now. */
  async function seed(): Promise<void> {
    const administratorId = randomUUID();
    const { cloudProviderId, emailAccountId } = account;
    const person = { id: administratorId, email: "ada@contoso.test", name: "Ada" };
    await db().administrator.create({ data: { ...person, passwordHash: "x" } });
    await createSession(administratorId);
    const throttle = { subject: "pair:x", failures: 1, blockedUntil: new Date(0) };
    await db().signInThrottle.create({ data: throttle });
    const made = { name: "Motion", keyHash: "x", hint: "x", createdByName: "Ada" };
    const { id: apiKeyId } = await db().apiKey.create({ data: made });
    await db().idempotencyKey.create({ data: { apiKeyId, key: "k", fingerprint: "f" } });
    await pool().query(
      `INSERT INTO "ClientCredential" (id, "cloudProviderId", "secretSealed", hint, version,
        "supersededAt", "keptUntil", "createdByName")
      VALUES (gen_random_uuid(), $1, 'x', 'x', 0, now(), now() + interval '7 days', 'Ada')`,
      [cloudProviderId],
    );
    await pool().query(
      `UPDATE "EmailAccount" SET "passwordSealed" = 'x', "movedAt" = now() WHERE id = $1`,
      [emailAccountId],
    );
    await pool().query(`INSERT INTO "Alert" (id, kind, "dedupeKey", subject, text, payload)
      VALUES (gen_random_uuid(), 'test', 'x', 'x', 'x', '{}')`);
    await pool().query(`INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts,
        "peakAccounts", "accountNames", "resolvedAt")
      VALUES (gen_random_uuid(), 'x', 'platform', 'x', 'x', 0, 0, '{}', now())`);
    await db().contact.create({
      data: {
        email: "carol@contoso.test",
        emailKey: "carol@contoso.test",
        name: "Carol",
        contactListId: (await db().contactList.findFirstOrThrow()).id,
      },
    });
    await runTest();
  }

  async function runTest(): Promise<void> {
    const tested = await findMailboxAccount(ada, account.emailAccountId);
    const { signal } = new AbortController();
    await testConnection(ada, tested, { signal, onEvent: () => {} });
  }

  test("deletes and erases nothing, whatever it tidies up and tests", async () => {
    await seed();
    const before = await heldRows();
    expect(Object.entries(before).filter(([, count]) => count === 0)).toEqual([]);
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 400 * DAY_MS });
    await runTest();
    await tidyUp();
    for (const deleteOld of [deleteOldTests, deleteOldAlerts, deleteOldIncidents])
      await deleteOld();
    await deleteOldTestRuns();
    vi.useRealTimers();
    expect(await lostSince(before)).toEqual([]);
  }, 60_000);

  test("as a keeper of its own renews, and deletes and erases nothing", async () => {
    const [before, asked] = [await heldRows(), refreshes()];
    await letExpire(account.cloudProviderId);
    await startWith({ offsetMs: 400 * DAY_MS });
    await expect.poll(refreshes, { timeout: 30_000 }).toBeGreaterThan(asked);
    // Longer than a turn, at whose end it tidies up.
    await expect.poll(lastBeat, { timeout: 20_000 }).toBeGreaterThan((await lastBeat()) + 1);
    expect(await lostSince(before)).toEqual([]);
  }, 120_000);
});
