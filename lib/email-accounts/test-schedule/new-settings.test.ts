import { beforeEach, describe, expect, test } from "vitest";
import { testConnection } from "@/lib/checks/run";
import { startDueTests } from "@/lib/checks/runs/scheduled/store";
import { db } from "@/lib/kernel/db";
import { undoMove } from "@/lib/migration/mutations";
import { administrator } from "@/lib/testing/actors";
import { runTest } from "@/lib/testing/connection-test";
import { seedProvider } from "@/lib/testing/outage";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount, hostsAt } from "@/lib/testing/sign-in";
import { changeAccounts } from "../bulk/mutations";
import { findMailboxAccount } from "../mailbox/queries";
import { createEmailAccount, updateEmailAccount } from "../mutations";
import { findEditedAccount } from "../queries";
import { updateEmailAccountSchema } from "../schema";
import { scheduleNextTests } from "./store";

const sandbox = withInstallation();
const ada = administrator();
let id: string;
let cloudProviderId: string;

beforeEach(async () => {
  await db().testRun.deleteMany();
  await db().emailAccount.deleteMany();
  ({ cloudProviderId, emailAccountId: id } = await connectedAccount(ada, sandbox()));
  await db().emailAccount.update({ where: { id }, data: { mailbox: "suport@contoso.test" } });
  await fails();
});

/** Its last test failed, and its next one is not due. */
async function fails(): Promise<void> {
  const failed = { imapVerdict: "failed", testFailureId: "imap.no_full_access" };
  const since = { testFailingSince: new Date(), lastTestedAt: new Date() };
  await db().emailAccount.update({ where: { id }, data: { ...failed, ...since } });
  await scheduleNextTests(db(), [id]);
}

async function edit(changes: Record<string, unknown>): Promise<void> {
  const found = await findEditedAccount(ada, id);
  const fields = { ...found, id, mailbox: found?.mailbox ?? "", password: "" };
  await updateEmailAccount(ada, updateEmailAccountSchema.parse({ ...fields, ...changes }));
}

async function standing() {
  const { nextTestAt, testFailingSince, ...row } = await db().emailAccount.findUniqueOrThrow({
    where: { id },
  });
  const isDue = nextTestAt !== null && nextTestAt.getTime() <= Date.now();
  const { state, imapVerdict, testFailureId, lastTestedAt } = row;
  return { isDue, state, knows: [imapVerdict, testFailureId, testFailingSince, lastTestedAt] };
}

const UNTESTED = { isDue: true, knows: [null, null, null, null] };

describe("an account with a failed test is due at once, and stands as one that was never tested,", () => {
  test.each([
    ["another mailbox", { mailbox: "support@contoso.test" }],
    ["another address", { emailAddress: "support@contoso.test" }],
    ["another service", { service: "outlook_com" }],
  ])("after an edit that gives it %s", async (_what, changes) => {
    expect(await standing()).toMatchObject({ isDue: false, state: "test_failed" });
    await edit(changes);
    expect(await standing()).toMatchObject({ ...UNTESTED, state: "connected" });
    expect(await startDueTests()).toBe(1);
  });

  test("after an edit that gives it another provider, by itself or with many", async () => {
    const other = await seedProvider({ accounts: 0 });
    await edit({ cloudProviderId: other });
    expect(await standing()).toMatchObject({ ...UNTESTED, state: "not_signed_in" });
    await fails();
    const selection = { accounts: "selected" as const, emailAccountIds: [id] };
    await changeAccounts(ada, {
      selection,
      change: { set: "cloudProviderId", to: cloudProviderId },
    });
    expect(await standing()).toMatchObject({ ...UNTESTED, state: "connected" });
  });

  test("after a new password, other servers, and the way back to a password", async () => {
    const custom = { service: "custom", modernAuthentication: false, cloudProviderId: null };
    const password = { password: "correct horse battery", hosts: hostsAt() };
    ({ id } = await createEmailAccount(ada, accountForm({ ...custom, ...password })));
    for (const changes of [
      { ...password, password: "another one" },
      { ...password, hosts: hostsAt("mail2.contoso.com") },
    ]) {
      await fails();
      await edit(changes);
      expect(await standing()).toMatchObject({ ...UNTESTED, state: "password" });
    }
    await fails();
    const moved = { modernAuthentication: true, movedAt: new Date(), cloudProviderId };
    await db().emailAccount.update({ where: { id }, data: moved });
    await undoMove(ada, { emailAccountId: id });
    expect(await standing()).toMatchObject({ ...UNTESTED, state: "password" });
  });
});

test("an edit of anything else leaves the last test, and the next one, as they are", async () => {
  const before = await standing();
  await edit({ name: "Another name", description: "New", captureReplyTo: true, active: true });
  expect(await standing()).toEqual(before);
});

describe("a test that is under way during an edit", () => {
  /** Tests the account as it is, and does that before the result is stored. */
  async function testWhile(work: () => Promise<unknown>): Promise<void> {
    const account = await findMailboxAccount(ada, id);
    const { signal } = new AbortController();
    const beforeSave = async () => (await work()) !== null;
    await testConnection(ada, account, { signal, beforeSave });
  }
  const reports = () => db().connectionTest.count({ where: { emailAccountId: id } });

  test("keeps its report, and says nothing of the new settings", async () => {
    await testWhile(() => edit({ mailbox: "support@contoso.test" }));
    expect(await standing()).toMatchObject({ ...UNTESTED, state: "connected" });
    expect(await reports()).toBe(1);
    expect(await startDueTests()).toBe(1);
  });

  test("does not take the place of the test of the new settings, which ended before it", async () => {
    let found: unknown;
    await testWhile(async () => {
      await edit({ mailbox: "support@contoso.test" });
      await runTest(ada, id);
      found = await standing();
    });
    expect(found).toMatchObject({ isDue: false });
    expect(await standing()).toEqual(found);
    expect(await reports()).toBe(2);
  });

  test("counts when the edit was of something else, and when it is the first test", async () => {
    await db().emailAccount.update({ where: { id }, data: { lastTestedAt: null } });
    await testWhile(() => edit({ name: "Another name" }));
    const { lastTestedAt } = await db().emailAccount.findUniqueOrThrow({ where: { id } });
    expect(lastTestedAt).not.toBeNull();
    expect(await reports()).toBe(1);
  });
});

test("an account that no one is signed in for is not tested, also without a schedule", async () => {
  await edit({ username: "carol@contoso.test" });
  expect(await startDueTests()).toBe(0);
  expect(await standing()).toMatchObject({ isDue: false, state: "not_signed_in" });
});
