import { describe, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { startScriptedServer } from "@/e2e/servers/scripted-server";
import { DELIVERIES, enqueueDeliveries } from "@/lib/keeper/deliveries";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { alertChannelForm } from "@/lib/testing/alert-channel";
import { startHttpsServer } from "@/lib/testing/https-server";
import { report } from "@/lib/testing/long";
import { tokenRequests } from "@/lib/testing/sandbox";
import { createAlertChannel } from "@/lib/watch/alerts/mutations";
import { raiseAlert } from "@/lib/watch/alerts/raise";
import { withSilentServers } from "./silent-servers";

const SIGN_INS = 12;
/** How long an inbox that says nothing is left alone. */
const IDLE_MS = 4 * MINUTE_MS;
const around = withSilentServers({ signIns: SIGN_INS });
const ada = administrator();
/** The promises of docs/reliability.md. */
const RENEWS_WITHIN_MS = 30 * SECOND_MS;
const INBOX_BACK_WITHIN_MS = IDLE_MS + 30 * SECOND_MS;
const OTHERS_TOLD_WITHIN_MS = 20 * SECOND_MS;

const seconds = (ms: number) => `${(ms / SECOND_MS).toFixed(1)} s`;

/** All that wait, wait at once: each for its own server. */
describe.concurrent("a keeper goes on while", () => {
  test("every connection to the identity platform is silent, idle or in the middle of renewals", async ({
    expect,
  }) => {
    const { sandbox, platform } = around();
    const until = (isSo: () => Promise<boolean>) =>
      expect.poll(isSo, { timeout: RENEWS_WITHIN_MS, interval: 100 }).toBe(true);
    const allRenewedSince = (at: Date) => async () =>
      (await db().tokenSet.count({ where: { refreshedAt: { gt: at } } })) === SIGN_INS;

    // Slow answers, so that each has a connection of its own, which is kept.
    sandbox.faults.set("slow", { seconds: 1 });
    const before = await databaseNow();
    await makeDue();
    await until(allRenewedSince(before));
    expect(platform.silence()).toBeGreaterThanOrEqual(SIGN_INS);
    let since = await databaseNow();
    let startedAt = performance.now();
    await makeDue();
    await until(allRenewedSince(since));
    const idle = performance.now() - startedAt;

    sandbox.faults.set("slow", { seconds: 3 });
    const asked = tokenRequests(sandbox, "refresh_token");
    // One that was answered before the others were asked is renewed, too.
    since = await databaseNow();
    await makeDue();
    await expect
      .poll(() => tokenRequests(sandbox, "refresh_token"), { timeout: 10_000 })
      .toBe(asked + SIGN_INS);
    expect(platform.silence()).toBeGreaterThanOrEqual(SIGN_INS);
    startedAt = performance.now();
    await until(allRenewedSince(since));
    const renewing = performance.now() - startedAt;

    // No one has to do anything, and the stored tokens are renewed again.
    since = await databaseNow();
    await makeDue();
    await until(allRenewedSince(since));
    const told = await db().stateChange.findMany({ where: { toState: { not: "connected" } } });
    expect(told.filter(({ toState }) => toState !== "retrying")).toEqual([]);
    expect(await db().tokenSet.count({ where: { state: { not: "connected" } } })).toBe(0);
    const figures = { idle: seconds(idle), "in the middle": seconds(renewing) };
    report("silent identity platform, all renewed after", figures);
  }, 150_000);

  test.skipIf(!isAvailable())(
    `the connection to an inbox is silent ${unavailableReason() ?? ""}`,
    async ({ expect }) => {
      const { imap, send } = around();
      const isSaved = (email: string) => async () =>
        (await db().contact.count({ where: { email } })) > 0;
      const isFollowing = () =>
        db().captureState.count({ where: { followingSince: { not: null } } });
      await expect.poll(isFollowing, { timeout: 20_000 }).toBe(1);
      await send("heard@customer.example");
      await expect.poll(isSaved("heard@customer.example"), { timeout: 20_000 }).toBe(true);
      expect(imap?.silence()).toBe(1);
      const startedAt = performance.now();
      await send("later@customer.example");
      await expect
        .poll(isSaved("later@customer.example"), { timeout: INBOX_BACK_WITHIN_MS, interval: 100 })
        .toBe(true);
      const after = seconds(performance.now() - startedAt);
      report("silent inbox", { "left alone for": seconds(IDLE_MS), "new sender after": after });
    },
    INBOX_BACK_WITHIN_MS + 60_000,
  );

  test("a receiver of alerts takes connections and says nothing", async ({ expect }) => {
    const mute = await startScriptedServer(() => {});
    const received: string[] = [];
    const answering = await startHttpsServer(around().sandbox.stateDir, (request, reply) => {
      received.push(`${request.headers["webhook-id"]}`);
      reply.end();
    });
    const [silent, other] = [
      await createWebhook("Silent", `https://localhost:${mute.port}`),
      await createWebhook("Other", answering.origin),
    ];
    const states = async (alertChannelId: string) =>
      (await db().alertDelivery.findMany({ where: { alertChannelId } })).map(({ state }) => state);
    const failures = () =>
      db().alertDelivery.findMany({ where: { alertChannelId: silent, attempts: 1 } });

    const startedAt = performance.now();
    for (let number = 0; number < 6; number += 1) await raise(`silent ${number}`);
    await expect
      .poll(() => states(other), { timeout: OTHERS_TOLD_WITHIN_MS, interval: 100 })
      .toEqual(Array.from({ length: 6 }, () => "delivered"));
    const others = performance.now() - startedAt;
    expect(new Set(received).size).toBe(6);
    await expect.poll(failures, { timeout: 20_000 }).not.toEqual([]);
    const result = "The address did not respond in time.";
    expect((await failures())[0]).toMatchObject({ state: "pending", result });
    // Its next attempt is in line; that it is made, lib/keeper/deliveries.test.ts shows without a wait.
    await expect.poll(countRetries, { timeout: 5_000 }).toBeGreaterThan(0);
    report("a silent receiver of alerts", { "six alerts told to another after": seconds(others) });
    await Promise.all([mute.close(), answering.close()]);
  }, 120_000);
});

/** As if all sign-ins fell due. */
const makeDue = () =>
  db().tokenSet.updateMany({
    data: { refreshDueAt: new Date(0), leaseOwner: null, leaseUntil: null },
  });

async function countRetries(): Promise<number> {
  const { rows } = await pool().query(
    `SELECT FROM pgboss.job WHERE name = $1 AND state = 'retry' AND start_after > now()`,
    [DELIVERIES],
  );
  return rows.length;
}

const createWebhook = async (name: string, url: string) =>
  (await createAlertChannel(ada, alertChannelForm({ name, url }))).id;

async function raise(subject: string): Promise<void> {
  const payload = { type: "test", data: {} };
  const alert = { kind: "digest", dedupeKey: subject, subject, text: subject, payload } as const;
  await db().$transaction((tx) =>
    raiseAlert(tx, { ...alert, incidentId: null }, enqueueDeliveries(around().boss)),
  );
}
