import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { withDovecot } from "@/lib/testing/dovecot";
import { either, report } from "@/lib/testing/long";
import { buildKeeper, type KeeperProcess, startKeeper } from "./keeper-process";

withDatabase();
const dovecot = withDovecot();
const ada = administrator();
const running = new Set<KeeperProcess>();
const { kills, accounts, messages } = either({
  short: { kills: 5, accounts: 4, messages: 2_000 },
  long: { kills: 50, accounts: 20, messages: 100_000 },
});
const user = (index: number) => `inbox${index}@contoso.test`;
let key: string | undefined;

beforeAll(async () => {
  // The product takes it out of its environment at the first use.
  key = process.env.POSTKEY_KEY;
  if (!isAvailable()) return;
  const { id: contactListId } = await createContactList(ada, { name: "Customers" });
  for (let index = 0; index < accounts; index += 1)
    await createEmailAccount(ada, dovecot().accountForm(user(index), { contactListId }));
  await buildKeeper();
}, 120_000);

afterEach(async () => {
  for (const keeper of running) keeper.child.kill("SIGKILL");
  await Promise.all([...running].map((keeper) => keeper.ended));
  running.clear();
});

async function keeper(): Promise<KeeperProcess> {
  const started = startKeeper({ POSTKEY_KEY: key });
  running.add(started);
  void started.ended.then(() => running.delete(started));
  await started.ready;
  return started;
}

async function counts() {
  const { rows } = await pool().query<{ read: number; captured: number; followed: number }>(
    `SELECT coalesce(sum(messages), 0)::int AS read, coalesce(sum(captured), 0)::int AS captured,
       count("followingSince")::int AS followed FROM "CaptureState"`,
  );
  return rows[0] ?? { read: 0, captured: 0, followed: 0 };
}

/** As 45 seconds would. A row at a time: the dead one's last statement may still hold some of them. */
async function endLeases(): Promise<void> {
  const rows = await db().captureState.findMany({ select: { emailAccountId: true } });
  for (const where of rows)
    await db().captureState.updateMany({ where, data: { leaseUntil: new Date(0), retryAt: null } });
}

async function isFollowed(): Promise<void> {
  await expect
    .poll(async () => (await counts()).followed, { timeout: MINUTE_MS, interval: 50 })
    .toBe(accounts);
}

describe.skipIf(!isAvailable())(`new senders ${unavailableReason() ?? ""}`, () => {
  test(
    `of ${messages} messages are each saved once although the keeper is killed ${kills} times`,
    async () => {
      const first = await keeper();
      await isFollowed();
      let sent = 0;
      let isSending = true;
      const send = async () => {
        for (; sent < messages; sent += 1)
          await dovecot().inboxes.put(
            user(sent % accounts),
            `From: Sender ${sent} <s${sent}@customer.example>\r\nSubject: x\r\n\r\nx\r\n`,
          );
        isSending = false;
      };
      const sending = send();
      let victim = first;
      let killed = 0;
      while (killed < kills) {
        const before = (await counts()).read;
        // In the middle of reading, wherever that is; or, once all is read, while waiting.
        for (let turn = 0; turn < 200 && (await counts()).read === before; turn += 1)
          await sleep(20);
        await sleep(Math.random() * SECOND_MS);
        victim.child.kill("SIGKILL");
        await victim.ended;
        killed += 1;
        await endLeases();
        victim = await keeper();
      }
      await sending;
      expect(isSending).toBe(false);
      await expect
        .poll(async () => (await counts()).read, { timeout: 5 * MINUTE_MS, interval: 200 })
        .toBeGreaterThanOrEqual(messages);
      await sleep(SECOND_MS);
      const { read, captured } = await counts();
      const saved = await db().contact.count();
      const figures = {
        messages,
        kills: killed,
        missed: messages - saved,
        doubled: read - messages,
      };
      report("inboxes whose keeper is killed", figures);
      expect({ read, captured, saved }).toEqual({
        read: messages,
        captured: messages,
        saved: messages,
      });
      const { rows } = await pool().query<{ doubled: number }>(
        `SELECT count(*)::int AS doubled FROM (SELECT 1 FROM "Contact" GROUP BY "emailKey" HAVING count(*) > 1) d`,
      );
      expect(rows[0]?.doubled).toBe(0);
    },
    either({ short: 4 * MINUTE_MS, long: 60 * MINUTE_MS }),
  );
});
