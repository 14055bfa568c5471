import { randomUUID } from "node:crypto";
import type { PgBoss } from "pg-boss";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { testConnection } from "@/lib/checks/run";
import { deleteOldTestRuns } from "@/lib/checks/runs/store";
import { deleteOldTests } from "@/lib/checks/store";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { DELIVERIES, startBoss } from "@/lib/keeper/deliveries";
import { tidyUp } from "@/lib/keeper/tidy-up";
import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { createSession } from "@/lib/people/administrators/store";
import { requireNoWait } from "@/lib/people/throttles/store";
import { listPauses, orderPause } from "@/lib/registrations/pauses/store";
import { setAutoRotate } from "@/lib/registrations/rotations/mutations";
import { administrator } from "@/lib/testing/actors";
import { report } from "@/lib/testing/long";
import { withInstallation } from "@/lib/testing/sandbox";
import { shiftTimes } from "@/lib/testing/shift-times";
import { connectedAccount } from "@/lib/testing/sign-in";
import { deleteOldAlerts } from "@/lib/watch/alerts/store";
import { readHealth } from "@/lib/watch/health/queries";
import { deleteOldIncidents } from "@/lib/watch/incidents/store";
import { heldRows, lostSince } from "./held-rows";
import { withPrograms } from "./programs";

const sandbox = withInstallation();
const programs = withPrograms("keeper");
const ada = administrator();
const throttle = { subject: "pair:ada|here", free: 5, maxWaitMs: 5 * MINUTE_MS };
let account: { cloudProviderId: string; emailAccountId: string };
/** The job library, for what a keeper leaves in line. */
let boss: PgBoss;

beforeAll(async () => {
  const { id: contactListId } = await createContactList(ada, { name: "Customers" });
  const form = { contactListId, testSchedule: "hourly" };
  account = await connectedAccount(ada, sandbox(), form);
  await setAutoRotate(ada, { cloudProviderId: account.cloudProviderId, autoRotate: true });
  boss = await startBoss();
}, 120_000);

afterEach(() => void vi.useRealTimers());
afterAll(() => boss.stop({ graceful: false }));

/** What a keeper leaves behind that dies in the middle of everything. */
async function leaveBehind(): Promise<void> {
  const { cloudProviderId, emailAccountId } = account;
  await pool().query(`DELETE FROM "KeeperHeartbeat"`);
  await pool().query(`DELETE FROM "TestRun"`);
  await pool().query(`DELETE FROM "SignInThrottle"`);
  await pool().query(`INSERT INTO "KeeperHeartbeat" ("keeperId") VALUES ('dead')`);
  await pool().query(`INSERT INTO "SignInThrottle" (subject, failures, "blockedUntil")
    VALUES ('${throttle.subject}', 40, now() + interval '5 minutes')`);
  await pool().query(`UPDATE "TokenSet" SET "leaseOwner" = 'dead', "leaseUntil" = now() + interval '50 s',
    "accessTokenExpiresAt" = now() + interval '50 min', "refreshDueAt" = now() + interval '30 min',
    "refreshedAt" = now()`);
  await pool().query(
    `INSERT INTO "CaptureState" AS s ("emailAccountId", "leaseOwner", "leaseUntil", "followingSince")
    VALUES ($1, 'dead', now() + interval '45 s', now()) ON CONFLICT ("emailAccountId") DO UPDATE
    SET "leaseOwner" = 'dead', "leaseUntil" = now() + interval '45 s', "readAt" = now()`,
    [emailAccountId],
  );
  await pool().query(
    `INSERT INTO "SecretRotation" AS r ("cloudProviderId", "leaseUntil") VALUES ($1, now() + interval '5 min')
    ON CONFLICT ("cloudProviderId") DO UPDATE SET "leaseUntil" = excluded."leaseUntil"`,
    [cloudProviderId],
  );
  await pool().query(`UPDATE "CloudProvider" SET "rotateDueAt" = now() + interval '1 min'`);
  await leaveTestRun(emailAccountId);
  await leavePause(cloudProviderId);
  await leaveDelivery();
}

/** An alert that could not be told, to be tried again in a minute. */
async function leaveDelivery(): Promise<void> {
  await boss.deleteAllJobs(DELIVERIES);
  await db().alert.deleteMany();
  await db().alertChannel.deleteMany();
  const target = { kind: "webhook", origin: "https://localhost:1" };
  const names = { name: "Ops", nameKey: "ops", createdByName: "Ada" };
  const { id: alertChannelId } = await db().alertChannel.create({
    data: { kind: "webhook", ...names, target, failingSince: new Date() },
  });
  const { deliveries } = await db().alert.create({
    data: {
      kind: "digest",
      dedupeKey: "left behind",
      subject: "x",
      text: "x",
      payload: {},
      deliveries: { create: { alertChannelId, lastAttemptAt: new Date() } },
    },
    select: { deliveries: { select: { id: true } } },
  });
  const [delivery] = deliveries;
  const job = { id: delivery?.id ?? "", data: { alertDeliveryId: delivery?.id } };
  await boss.insert(DELIVERIES, [{ ...job, group: { id: alertChannelId }, startAfter: 60 }]);
}

async function leaveTestRun(emailAccountId: string): Promise<void> {
  const [runId, reportId] = [randomUUID(), randomUUID()];
  const run = { id: runId, startedByName: "Ada", total: 1, parallelism: 1 };
  await db().testRun.create({ data: run });
  await db().mailboxLease.deleteMany();
  await pool().query(
    `INSERT INTO "TestRunItem" ("testRunId", "emailAccountId", state, "leaseUntil", "connectionTestId")
    VALUES ($1, $2, 'running', now() + interval '2 min', $3)`,
    [runId, emailAccountId, reportId],
  );
  await pool().query(
    `INSERT INTO "MailboxLease" SELECT "emailKey", $1, now() + interval '2 min' FROM "EmailAccount"`,
    [reportId],
  );
}

/** As the platform would have asked for, half an hour. */
async function leavePause(cloudProviderId: string): Promise<void> {
  await db().platformPause.deleteMany();
  const { clientId } = await db().cloudProvider.findUniqueOrThrow({
    where: { id: cloudProviderId },
  });
  const { tenantId } = await db().authorization.findFirstOrThrow({ where: { cloudProviderId } });
  const authority = new URL(sandbox().cloud.authority).origin;
  await db().$transaction((tx) =>
    orderPause(tx, {
      subject: { authority, tenantId, clientId },
      sentAt: new Date(),
      waitMs: 30 * MINUTE_MS,
      reason: "postkey.identity_platform_unreachable",
    }),
  );
}

/** What has not moved yet, by name. */
async function standingStill(): Promise<string[]> {
  const { rows } = await pool().query<Record<string, boolean>>(`SELECT
    (SELECT "refreshedAt" BETWEEN now() - interval '2 min' AND now() + interval '1 s' AND state = 'connected'
      AND "accessTokenExpiresAt" < now() + interval '2 hours' FROM "TokenSet") AS renewal,
    (SELECT "leaseOwner" <> 'dead' AND "readAt" BETWEEN now() - interval '1 min' AND now() + interval '1 s'
      FROM "CaptureState") AS capture,
    (SELECT "finishedAt" IS NOT NULL FROM "TestRun" WHERE NOT scheduled) AS tests,
    (SELECT "nextTestAt" <= now() + interval '1 hour' FROM "EmailAccount") AS schedule,
    (SELECT "leaseUntil" IS NULL FROM "SecretRotation") AS rotation,
    (SELECT attempts > 0 FROM "AlertDelivery" JOIN "Alert" a ON a.id = "alertId"
      WHERE "dedupeKey" = 'left behind') AS delivery`);
  const still = Object.entries(rows[0] ?? {}).filter(([, isMoving]) => !isMoving);
  const { keeper: health } = await readHealth(ada);
  if (health.status !== "ok") still.push(["heartbeat", false]);
  if ((await listPauses()).length > 0) still.push(["pauses", false]);
  await requireNoWait([throttle]).catch(() => still.push(["sign-in", false]));
  return still.map(([name]) => name);
}

async function everythingMoves(what: string): Promise<void> {
  const begun = performance.now();
  await expect.poll(standingStill, { timeout: MINUTE_MS, interval: 500 }).toEqual([]);
  const seconds = (performance.now() - begun) / SECOND_MS;
  report(`everything moves ${what}`, { "after s": seconds.toFixed(0) });
}

/** As when the database's clock is set right, or steps while a keeper is at work. */
describe.each([
  ["six hours ahead", 6],
  ["six hours behind", -6],
])("times that were written %s", (what, hours) => {
  test("hold nothing up when a keeper starts, and health says before that there is none", async () => {
    await leaveBehind();
    await shiftTimes(hours);
    expect((await readHealth(ada)).keeper).toMatchObject({ status: "not_running", running: 0 });
    await programs.start("keeper");
    await everythingMoves(what);
  }, 120_000);

  test("hold nothing up while a keeper runs, and nothing is deleted", async () => {
    await leaveBehind();
    await programs.start("keeper");
    const before = await heldRows();
    await shiftTimes(hours);
    await everythingMoves(`${what}, in mid-run`);
    expect(await lostSince(before)).toEqual([]);
  }, 120_000);
});

describe("a process whose clock is 400 days ahead", () => {
  /** One of everything that is deleted or erased some day, as of now. */
  async function seed(): Promise<void> {
    const administratorId = randomUUID();
    const { cloudProviderId, emailAccountId } = account;
    const person = { id: administratorId, email: "ada@contoso.test", name: "Ada" };
    await db().administrator.create({ data: { ...person, passwordHash: "x" } });
    await createSession(administratorId);
    await db().signInThrottle.create({
      data: { subject: "pair:x", failures: 1, blockedUntil: new Date(0) },
    });
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
    const { id: contactListId } = await db().contactList.findFirstOrThrow();
    const email = "carol@contoso.test";
    await db().contact.create({ data: { email, emailKey: email, name: "Carol", contactListId } });
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
});
