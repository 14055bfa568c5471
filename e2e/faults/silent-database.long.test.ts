import { rm } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { keyFor } from "@/lib/testing/api";
import { withDovecot } from "@/lib/testing/dovecot";
import { report } from "@/lib/testing/long";
import { tokenRequests, withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { askForTokens, type Running, withPrograms } from "./programs";
import { type SilentProxy, startSilentProxy } from "./silent-proxy";
import { trustBoth } from "./trust-both";

const sandbox = withInstallation();
const programs = withPrograms("keeper", "gateway");
const dovecot = withDovecot();
const ada = administrator();
const USER = "silent@contoso.test";
/** The promise of docs/reliability.md. */
const BACK_WITHIN_MS = 30 * SECOND_MS;
const ROUNDS = 10;

let account: { emailAccountId: string };
let folder: string;
let proxy: SilentProxy;
let sent = 0;

beforeAll(async () => {
  folder = await trustBoth(sandbox());
  account = await connectedAccount(ada, sandbox());
  if (isAvailable()) await addInbox();
  // The keeper alone goes through it; this process sees the database as it is.
  proxy = await startSilentProxy(process.env.DATABASE_URL ?? "");
}, 120_000);
afterEach(() => proxy.bury());
afterAll(async () => {
  await proxy.close();
  await rm(folder, { recursive: true, force: true, maxRetries: 20 });
});

async function addInbox(): Promise<void> {
  const { id: contactListId } = await createContactList(ada, { name: "Customers" });
  await createEmailAccount(ada, dovecot().accountForm(USER, { contactListId }));
}

async function start(): Promise<Running> {
  // It does not wait for the leases of the one before.
  await db().captureState.updateMany({ data: { leaseUntil: new Date(0), followingSince: null } });
  const keeper = await programs.start("keeper", { env: { DATABASE_URL: proxy.url } });
  await expect.poll(beatAfter(0), { timeout: 10_000 }).toBe(true);
  if (isAvailable()) await expect.poll(isFollowing, { timeout: 20_000 }).toBe(true);
  return keeper;
}

/** Whether the keeper gave a sign of life after a moment of the database's clock, in milliseconds. */
const beatAfter = (at: number) => async () =>
  (await db().keeperHeartbeat.count({ where: { beatAt: { gt: new Date(at) } } })) > 0;
const isFollowing = async () =>
  (await db().captureState.count({ where: { followingSince: { not: null } } })) > 0;
/** Whether tokens were stored since: those that were asked for before the silence count as well. */
const renewedAfter = (at: number) => async () =>
  (await db().tokenSet.count({ where: { refreshedAt: { gt: new Date(at) } } })) > 0;
const databaseNow = async () => {
  const { rows } = await pool().query<{ now: Date }>("SELECT clock_timestamp() AS now");
  return rows[0]?.now.getTime() ?? 0;
};

async function send(): Promise<string> {
  sent += 1;
  const sender = `s${sent}@customer.example`;
  await dovecot().inboxes.put(USER, `From: <${sender}>\r\nSubject: x\r\n\r\nx\r\n`);
  return sender;
}

/** Milliseconds until it is so. */
async function timeUntil(isSo: () => Promise<boolean>): Promise<number> {
  const startedAt = performance.now();
  await expect.poll(isSo, { timeout: BACK_WITHIN_MS, interval: 100 }).toBe(true);
  return performance.now() - startedAt;
}

/** One whose claim was answered into the silence is given back, and does not wait for its lease to end. */
const makeDue = () => db().tokenSet.updateMany({ data: { refreshDueAt: new Date(0) } });

describe(`a keeper whose connections all go silent ${unavailableReason() ?? ""}`, () => {
  test.each([
    ["idle", async () => {}],
    [
      "renewing",
      async () => {
        sandbox().faults.set("slow", { seconds: 2 });
        const asked = tokenRequests(sandbox(), "refresh_token");
        await makeDue();
        await expect
          .poll(() => tokenRequests(sandbox(), "refresh_token"), { timeout: 10_000 })
          .toBeGreaterThan(asked);
      },
    ],
  ])(
    "while it is %s beats, renews and saves new senders again within 30 s",
    async (what, occupy) => {
      await start();
      const worst = { beat: 0, renewal: 0, capture: 0 };
      for (let round = 0; round < ROUNDS; round += 1) {
        await occupy();
        expect(proxy.silence()).toBeGreaterThan(0);
        const since = await databaseNow();
        await makeDue();
        const sender = isAvailable() ? await send() : undefined;
        const isSaved = async () =>
          !sender || (await db().contact.count({ where: { email: sender } })) > 0;
        const [beat, renewal, capture] = await Promise.all([
          timeUntil(beatAfter(since)),
          timeUntil(renewedAfter(since)),
          timeUntil(isSaved),
        ]);
        for (const [name, ms] of Object.entries({ beat, renewal, capture }))
          Object.assign(worst, { [name]: Math.max(ms, worst[name as keyof typeof worst]) });
        sandbox().faults.clearAll();
        proxy.bury();
        await sleep(SECOND_MS);
      }
      const seconds = (ms: number) => `${(ms / SECOND_MS).toFixed(1)} s`;
      report(`silent database, ${what}`, {
        rounds: ROUNDS,
        beat: seconds(worst.beat),
        renewal: seconds(worst.renewal),
        capture: seconds(worst.capture),
      });
    },
    ROUNDS * 2 * BACK_WITHIN_MS + 60_000,
  );
});

test("a keeper that is told to stop while its database is silent has ended within ten seconds", async () => {
  const stopping = await start();
  proxy.silence();
  const startedAt = performance.now();
  stopping.child.kill("SIGTERM");
  await stopping.ended;
  expect(performance.now() - startedAt).toBeLessThan(10 * SECOND_MS);
}, 60_000);

test("a gateway whose connections all go silent answers again within 30 s", async () => {
  const apiKey = await keyFor(["tokens:read"]);
  const gateway = await programs.start("gateway", { env: { DATABASE_URL: proxy.url } });
  const ask = async () => {
    const at = { apiKey, ...account };
    const asked = await Promise.all(
      Array.from({ length: 8 }, () => askForTokens([gateway], 1, at)),
    );
    return asked.every((statuses) => statuses[200] === 1);
  };
  expect(await ask()).toBe(true);
  expect(proxy.silence()).toBeGreaterThan(0);
  const after = `${((await timeUntil(ask)) / SECOND_MS).toFixed(1)} s`;
  report("a gateway with a silent database", { "answers after": after });
}, 60_000);
