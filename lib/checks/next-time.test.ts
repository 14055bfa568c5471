import { beforeAll, beforeEach, expect, test } from "vitest";
import { findMailboxAccount } from "@/lib/email-accounts/mailbox/queries";
import { scheduleNextTests } from "@/lib/email-accounts/test-schedule/store";
import { MINUTE_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { withInstallation } from "@/lib/testing/sandbox";
import { connectedAccount } from "@/lib/testing/sign-in";
import { testConnection } from "./run";

const sandbox = withInstallation();
const ada = administrator();
let id: string;

beforeAll(async () => {
  ({ emailAccountId: id } = await connectedAccount(ada, sandbox()));
});
beforeEach(() => setSchedule("daily"));

async function setSchedule(testSchedule: "daily" | "off"): Promise<void> {
  await db().emailAccount.update({ where: { id }, data: { testSchedule } });
  await scheduleNextTests(db(), [id]);
}

async function nextTime(): Promise<number | undefined> {
  const { nextTestAt } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
  return nextTestAt?.getTime();
}

/** A test during which the account becomes due, as by a sign-in or an edit. */
async function testWhileItBecomesDue(): Promise<void> {
  const account = await findMailboxAccount(ada, id);
  const beforeSave = async () => {
    await db().$executeRaw`UPDATE "EmailAccount" SET "nextTestAt" = now() WHERE id = ${id}::uuid`;
    return true;
  };
  await testConnection(ada, account, { signal: new AbortController().signal, beforeSave });
}

test("what failed is tested again soon, and what passes after it, on its schedule again", async () => {
  const scheduled = await nextTime();
  sandbox().faults.set("imap_disabled");
  await runTest(ada, id);
  expect(await nextTime()).toBeLessThan(Date.now() + 6 * MINUTE_MS);
  sandbox().faults.clearAll();
  await runTest(ada, id);
  expect(await nextTime()).toBe(scheduled);
});

test("what was due when a test began is not due after it", async () => {
  const scheduled = await nextTime();
  await db().emailAccount.update({ where: { id }, data: { nextTestAt: new Date(0) } });
  await runTest(ada, id);
  expect(await nextTime()).toBe(scheduled);
});

test("what becomes due during a test stays due", async () => {
  await testWhileItBecomesDue();
  expect(await nextTime()).toBeLessThanOrEqual(Date.now());
});

test("without a schedule there is no next time, however a test ended", async () => {
  await setSchedule("off");
  await db().emailAccount.update({ where: { id }, data: { nextTestAt: new Date(0) } });
  await runTest(ada, id);
  expect(await nextTime()).toBeUndefined();
  sandbox().faults.set("imap_disabled");
  await runTest(ada, id);
  expect(await nextTime()).toBeUndefined();
});
