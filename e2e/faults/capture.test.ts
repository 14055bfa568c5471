import { beforeAll, describe, expect, test } from "vitest";
import { isAvailable, unavailableReason } from "@/e2e/servers/mail-servers";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { withDovecot } from "@/lib/testing/dovecot";
import { either, report } from "@/lib/testing/long";
import { statements } from "./activity";
import { withPrograms } from "./programs";

withDatabase();
const programs = withPrograms("keeper");
const dovecot = withDovecot();
const ada = administrator();
const { kills, accounts, messages } = either({
  short: { kills: 1, accounts: 2, messages: 100 },
  long: { kills: 50, accounts: 20, messages: 100_000 },
});
const user = (index: number) => `inbox${index}@contoso.test`;

beforeAll(async () => {
  if (!isAvailable()) return;
  const { id: contactListId } = await createContactList(ada, { name: "Customers" });
  for (let index = 0; index < accounts; index += 1)
    await createEmailAccount(ada, dovecot().accountForm(user(index), { contactListId }));
}, 120_000);

async function counts() {
  const { rows } = await pool().query<{ read: number; captured: number; followed: number }>(
    `SELECT coalesce(sum(messages), 0)::int AS read, coalesce(sum(captured), 0)::int AS captured,
       count("followingSince")::int AS followed FROM "CaptureState"`,
  );
  return rows[0] ?? { read: 0, captured: 0, followed: 0 };
}

/** As 45 seconds would, once the dead one's last statement is done: it has no share of the inboxes any more. */
async function endLeases(): Promise<void> {
  await expect.poll(() => statements()).toEqual([]);
  await db().keeperHeartbeat.deleteMany();
  await db().captureState.updateMany({ data: { leaseUntil: new Date(0), retryAt: null } });
}

describe.skipIf(!isAvailable())(`new senders ${unavailableReason() ?? ""}`, () => {
  test(
    `of ${messages} messages are each saved once although the keeper is killed ${kills} times`,
    async () => {
      let victim = await programs.start("keeper");
      await expect
        .poll(async () => (await counts()).followed, { timeout: MINUTE_MS, interval: 50 })
        .toBe(accounts);
      const sending = send();
      for (let killed = 0; killed < kills; killed += 1) {
        const before = (await counts()).read;
        // In the middle of reading; or, once all is read, while waiting.
        const isAtWork = async () => {
          const { read } = await counts();
          return read >= messages || read > before + Math.random() * (messages / kills / 2);
        };
        await expect.poll(isAtWork, { timeout: MINUTE_MS, interval: 5 }).toBe(true);
        victim.child.kill("SIGKILL");
        await victim.ended;
        await endLeases();
        victim = await programs.start("keeper");
      }
      await sending;
      await expect
        .poll(async () => (await counts()).read, { timeout: 5 * MINUTE_MS, interval: 200 })
        .toBeGreaterThanOrEqual(messages);
      const { read, captured } = await counts();
      const saved = await db().contact.count();
      const [missed, doubled] = [messages - saved, read - messages];
      report("inboxes whose keeper is killed", { messages, kills, missed, doubled });
      expect([read, captured, saved]).toEqual([messages, messages, messages]);
      expect(await db().contact.groupBy({ by: ["emailKey"] })).toHaveLength(messages);
    },
    either({ short: 2 * MINUTE_MS, long: 60 * MINUTE_MS }),
  );
});

async function send(): Promise<void> {
  for (let sent = 0; sent < messages; sent += 1)
    await dovecot().inboxes.put(
      user(sent % accounts),
      `From: Sender ${sent} <s${sent}@customer.example>\r\nSubject: x\r\n\r\nx\r\n`,
    );
}
