import { ImapFlow } from "imapflow";
import type { PgBoss } from "pg-boss";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { HOUR_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { startHttpsServer } from "@/lib/testing/https-server";
import { withInstallation } from "@/lib/testing/sandbox";
import { shiftTimes } from "@/lib/testing/shift-times";
import { accountForm, allowPasswordMail, connectedAccount } from "@/lib/testing/sign-in";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { findAlertChannel, listDeliveries } from "@/lib/watch/alerts/queries";
import { raiseAlert } from "@/lib/watch/alerts/raise";
import { sendTestAlert } from "@/lib/watch/alerts/send-test";
import { readWarnings } from "@/lib/watch/warnings/queries";
import {
  DELIVERIES,
  enqueueDeliveries,
  PARKED,
  requeueDeliveries,
  startBoss,
  startDeliveries,
} from "./deliveries";

const sandbox = withInstallation();
const ada = administrator();
let boss: PgBoss;

beforeAll(async () => {
  allowPasswordMail(sandbox());
  boss = await startBoss();
  await startDeliveries(boss);
});
afterAll(() => boss.stop({ timeout: 2_000 }));
beforeEach(() => db().$executeRaw`TRUNCATE "AlertChannel", "Alert" CASCADE`);

const create = (input: object) => createAlertChannel(ada, alertChannelForm(input));

let raised = 0;

/** Raises an alert as the watch over the incidents does; rolled back where the test says so. */
async function raise({ fails = false } = {}): Promise<void> {
  raised += 1;
  const dedupeKey = `test ${raised}`;
  const text = "Support is stopped.\n.\nNext step: sign in again.";
  const alert = { dedupeKey, subject: `Alert ${raised}`, text, incidentId: null } as const;
  await db().$transaction(async (tx) => {
    const payload = { type: "test", data: {} };
    await raiseAlert(tx, { ...alert, kind: "digest", payload }, enqueueDeliveries(boss));
    if (fails) throw new Error("rolled back");
  });
}

async function states(alertChannelId: string) {
  return (await listDeliveries(ada, alertChannelId)).rows.map(({ state, attempts }) => [
    state,
    attempts,
  ]);
}
const PATIENCE = { timeout: 30_000 };

/** A receiver whose status a test changes as it goes. */
async function receiver() {
  const received: { headers: Record<string, string>; body: string }[] = [];
  const state = { status: 200 };
  const server = await startHttpsServer(sandbox().stateDir, async (request, reply) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    if (state.status === 200)
      received.push({ headers: request.headers as Record<string, string>, body });
    reply.writeHead(state.status).end();
  });
  return { ...server, received, state };
}

test("a dead channel keeps what is to be told, says so, and delivers it when it works again", async () => {
  const { origin, received, state, close } = await receiver();
  const { id, secret } = await create({ kind: "webhook", url: origin });
  state.status = 503;
  await raise();
  await expect.poll(() => states(id), PATIENCE).toEqual([["pending", 1]]);
  expect(await findAlertChannel(ada, id)).toMatchObject({
    pending: 1,
    failureText: "The address answered 503.",
  });
  expect((await readWarnings(ada)).failingChannels).toEqual([{ id, name: "Ops" }]);
  // It waits, however often the keeper looks: the next attempt is a minute away.
  const jobState = async () => (await boss.findJobs(DELIVERIES))[0]?.state;
  await expect.poll(jobState, PATIENCE).toBe("retry");
  await requeueDeliveries(boss);
  const [job] = await boss.findJobs(DELIVERIES);
  expect(job).toMatchObject({ state: "retry", retryLimit: 20 });
  expect((job?.startAfter.getTime() ?? 0) - Date.now()).toBeGreaterThan(25_000);
  state.status = 200;
  await sendTestAlert(ada, { id });
  await requeueDeliveries(boss);
  await expect.poll(async () => (await states(id))[1], PATIENCE).toEqual(["delivered", 2]);
  expect(received).toHaveLength(2);
  for (const { headers, body } of received) new Webhook(secret ?? "").verify(body, headers);
  expect((await readWarnings(ada)).failingChannels).toEqual([]);
  await close();
});

test("what is rolled back is not told, what is told twice is delivered once, and not to a channel that is switched off", async () => {
  const { origin, received, close } = await receiver();
  const { id } = await create({ kind: "webhook", url: origin });
  const off = await create({ kind: "webhook", name: "Off", url: origin, enabled: false });
  await expect(raise({ fails: true })).rejects.toThrow("rolled back");
  raised -= 1;
  await raise();
  raised -= 1;
  await raise();
  await expect.poll(() => states(id), PATIENCE).toEqual([["delivered", 1]]);
  await requeueDeliveries(boss);
  expect(received).toHaveLength(1);
  expect(await states(off.id)).toEqual([]);
  expect(JSON.parse(received[0]?.body ?? "")).toMatchObject({
    type: "test",
    timestamp: expect.any(String),
  });
  await close();
});

test.each([
  ["what a clock put off that ran ahead", () => shiftTimes(6)],
  [
    "a lost job",
    async () => {
      await boss.deleteAllJobs(DELIVERIES);
      const lastAttemptAt = new Date(Date.now() - 8 * HOUR_MS);
      await db().alertDelivery.updateMany({ data: { lastAttemptAt } });
    },
  ],
])("%s is in line again at once, although its channel fails", async (_what, happens) => {
  const { origin, received, state, close } = await receiver();
  const { id } = await create({ kind: "webhook", url: origin });
  state.status = 503;
  await raise();
  await expect.poll(() => states(id), PATIENCE).toEqual([["pending", 1]]);
  await happens();
  state.status = 200;
  await requeueDeliveries(boss);
  await expect.poll(() => states(id), PATIENCE).toEqual([["delivered", 2]]);
  expect(received).toHaveLength(1);
  await close();
});

/** Of a job: its end is written after the attempt, and would end another of the same id. */
const stateOf = async (job: { id: string }) => (await boss.findJobs(DELIVERIES, job))[0]?.state;

test("what was under way when its keeper died, by a clock that ran ahead, is in line again", async () => {
  const { origin, close } = await receiver();
  const { id } = await create({ kind: "webhook", url: origin });
  await raise();
  await expect.poll(() => states(id), PATIENCE).toEqual([["delivered", 1]]);
  const [delivery] = await db().alertDelivery.findMany({ where: { alertChannelId: id } });
  const job = { id: delivery?.id ?? "" };
  await expect.poll(() => stateOf(job), PATIENCE).toBe("completed");
  await boss.deleteJob(DELIVERIES, job.id);
  await db().alertDelivery.updateMany({ data: { state: "pending" } });
  // Taken by a keeper that has ended: no worker handles what this one fetches.
  await boss.offWork(DELIVERIES);
  await boss.send(DELIVERIES, { alertDeliveryId: job.id }, job);
  expect(await boss.fetch(DELIVERIES)).toMatchObject([job]);
  await requeueDeliveries(boss);
  expect(await boss.findJobs(DELIVERIES, job)).toMatchObject([{ state: "active" }]);
  await shiftTimes(6);
  await requeueDeliveries(boss);
  const [again] = await boss.findJobs(DELIVERIES, job);
  expect(again?.state).toBe("created");
  const waitMs = (again?.startAfter.getTime() ?? 0) - Date.now();
  expect(waitMs).toBeGreaterThan(60_000);
  expect(waitMs).toBeLessThan(3 * 60_000);
  await boss.deleteAllJobs(DELIVERIES);
  await startDeliveries(boss);
  await close();
});

test("the last of all tries is given up and parked", async () => {
  const { origin, state, close } = await receiver();
  const { id } = await create({ kind: "webhook", url: origin });
  state.status = 500;
  await raise();
  await expect.poll(() => states(id), PATIENCE).toEqual([["pending", 1]]);
  const [delivery] = await db().alertDelivery.findMany();
  const job = { id: delivery?.id ?? "" };
  await expect.poll(() => stateOf(job), PATIENCE).toBe("retry");
  await boss.deleteJob(DELIVERIES, job.id);
  await boss.send(DELIVERIES, { alertDeliveryId: job.id }, { ...job, retryLimit: 0 });
  await expect.poll(() => states(id), PATIENCE).toEqual([["given_up", 2]]);
  await expect.poll(() => boss.findJobs(PARKED), PATIENCE).toHaveLength(1);
  await close();
});

test("email goes out through an account with its token, and through a server with its password", async () => {
  const { address, password, smtp, imap, pop3 } = sandbox().passwordMail;
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const recipients = "bob@contoso.test";
  const modern = await create({ kind: "email_account", emailAccountId, recipients });
  const sign = { modernAuthentication: false, emailAddress: address, username: address, password };
  const custom = accountForm({ service: "custom", hosts: { imap, smtp, pop3 }, ...sign });
  await createEmailAccount(ada, custom);
  const server = { smtp, from: address, user: address, password };
  const relay = await create({ kind: "smtp", name: "Relay", recipients: address, ...server });
  await raise();
  for (const { id } of [modern, relay])
    await expect.poll(() => states(id), PATIENCE).toEqual([["delivered", 1]]);
  const text = await lastMessage();
  expect(text).toContain(`Subject: [Postkey] Alert ${raised}`);
  expect(text).toContain("Auto-Submitted: auto-generated");
  expect(text).toContain("Next step: sign in again.");
});

test("an account that cannot sign in is told by its remedy, without a secret", async () => {
  const { emailAccountId } = await connectedAccount(ada, sandbox());
  const target = { kind: "email_account", emailAccountId, recipients: "bob@contoso.test" };
  const { id } = await create(target);
  sandbox().faults.set("smtp_auth_disabled_tenant");
  await expect(sendTestAlert(ada, { id })).rejects.toMatchObject({
    message: expect.stringContaining("SmtpClientAuthentication is disabled for the Tenant"),
  });
  const [logged] = (await listDeliveries(ada, id)).rows;
  expect(logged).toMatchObject({ state: "given_up", attempts: 1, kind: "test" });
  expect(logged?.result).not.toMatch(/eyJ|dXNlcj/);
});

async function lastMessage() {
  const { imap, address: user, password: pass } = sandbox().passwordMail;
  const tls = { ca: sandbox().caPem };
  const secure = imap.tls === "implicit";
  const { host, port } = imap;
  const client = new ImapFlow({ host, port, secure, tls, auth: { user, pass }, logger: false });
  await client.connect();
  await client.mailboxOpen("INBOX");
  const message = await client.fetchOne("*", { source: true });
  client.close();
  return message ? (message.source?.toString() ?? "") : "";
}
