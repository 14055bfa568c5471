import { beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { passwordInUse } from "@/lib/testing/credentials";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount, hostsAt } from "@/lib/testing/sign-in";
import { tokenRow } from "@/lib/testing/tokens";
import {
  createEmailAccount,
  deleteEmailAccount,
  setEmailAccountActive,
  updateEmailAccount,
} from "./mutations";
import { findEditedAccount, findEmailAccount } from "./queries";
import { updateEmailAccountSchema } from "./schema";

const sandbox = withInstallation();
const ada = administrator("Ada");
const bob = administrator("Bob");
const MISSING = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";

beforeEach(() => db().emailAccount.deleteMany());

const PASSWORD = {
  service: "custom",
  modernAuthentication: false,
  password: "correct horse battery",
  hosts: hostsAt(),
};

const create = (changes: Record<string, unknown> = {}) =>
  createEmailAccount(ada, accountForm({ ...PASSWORD, ...changes }));
const row = (id: string) => db().emailAccount.findUnique({ where: { id } });

/** The edit form of an account as it is sent when nothing else was typed. */
async function edit(id: string, changes: Record<string, unknown> = {}) {
  const found = await findEditedAccount(ada, id);
  const fields = { ...found, id, mailbox: found?.mailbox ?? "", password: "" };
  return updateEmailAccountSchema.parse({ ...fields, ...changes });
}

test("a schedule gives an account its own next time, and another schedule another one", async () => {
  const { id } = await create({ testSchedule: "daily" });
  const next = async () => (await row(id))?.nextTestAt?.getTime() ?? 0;
  const daily = await next();
  expect(daily - Date.now()).toBeLessThanOrEqual(24 * 3_600_000);
  expect(daily).toBeGreaterThan(Date.now());
  await updateEmailAccount(ada, await edit(id, { name: "Other" }));
  expect(await next()).toBe(daily);
  await updateEmailAccount(ada, await edit(id, { testSchedule: "hourly" }));
  expect(await next()).toBeLessThanOrEqual(Date.now() + 3_600_000);
  await updateEmailAccount(ada, await edit(id, { testSchedule: "off" }));
  expect((await row(id))?.nextTestAt).toBeNull();
});

describe("a new account", () => {
  test("is stored with what was typed, and its password sealed and never shown", async () => {
    const { id } = await create({ name: "Legacy", key: "leg", description: "Old" });
    const stored = await row(id);
    expect(stored).toMatchObject({ name: "Legacy", key: "leg", keyKey: "leg", version: 1 });
    expect(JSON.stringify(stored)).not.toContain(PASSWORD.password);
    expect(await passwordInUse(id)).toBe(PASSWORD.password);
    const shown = await findEmailAccount(ada, id);
    expect(shown).toMatchObject({ hasPassword: true, description: "Old" });
    expect(Object.keys(shown ?? {})).not.toContain("passwordSealed");
  });

  test("of many with one key at once, however it is written, one is created", async () => {
    await create({ name: "First", key: "ABC" });
    const fields = { key: ["“First” already has this key."] };
    await expect(create({ key: " ａｂｃ " })).rejects.toMatchObject({ code: "conflict", fields });
    const results = await Promise.allSettled(["X", "x", "Ｘ"].map((key) => create({ key })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  const ACCOUNT = { service: "outlook365", modernAuthentication: true, password: "", hosts: null };
  test.each([
    ["contactListId", { contactListId: MISSING }],
    ["cloudProviderId", { ...ACCOUNT, cloudProviderId: MISSING }],
  ])("cannot refer to what is gone: %s", async (field, changes) => {
    await expect(create(changes)).rejects.toMatchObject({
      code: "unprocessable",
      fields: { [field]: [expect.stringContaining("no longer exists")] },
    });
    expect(await db().emailAccount.count()).toBe(0);
  });
});

test("hosts and ports inside the network are refused, in an edit as well", async () => {
  await expect(create({ hosts: hostsAt("①②⑦.⓪.⓪.①") })).rejects.toMatchObject({
    code: "unprocessable",
    fields: { "hosts.imap.host": [expect.stringContaining("POSTKEY_PRIVATE_HOSTS")] },
  });
  const hosts = { ...hostsAt(), smtp: { ...hostsAt().smtp, port: 25 } };
  await expect(create({ hosts })).rejects.toMatchObject({
    fields: { "hosts.smtp.port": [expect.stringContaining("POSTKEY_MAIL_PORTS")] },
  });
  expect(await db().emailAccount.count()).toBe(0);
  const { id } = await create();
  const before = await row(id);
  const input = await edit(id, { hosts: hostsAt("10.0.0.1") });
  await expect(updateEmailAccount(ada, input)).rejects.toMatchObject({ code: "unprocessable" });
  expect(await row(id)).toEqual(before);
});

describe("an edit", () => {
  test("keeps the password unless another one was typed", async () => {
    const { id } = await create();
    await updateEmailAccount(ada, await edit(id, { name: "Renamed" }));
    expect(await passwordInUse(id)).toBe(PASSWORD.password);
    await updateEmailAccount(ada, await edit(id, { password: "another one" }));
    expect(await passwordInUse(id)).toBe("another one");
  });

  test("that is stale is refused, says what changed, and saves nothing", async () => {
    const { id } = await create({ name: "Support" });
    const stale = await edit(id, { name: "Mine" });
    await updateEmailAccount(bob, await edit(id, { description: "New", password: "changed" }));
    const before = await row(id);
    await expect(updateEmailAccount(ada, stale)).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("Bob changed Description and Password"),
    });
    expect(await row(id)).toEqual(before);
  });

  test("never touches tokens", async () => {
    const { cloudProviderId, emailAccountId } = await connectedAccount(ada, sandbox());
    const before = await tokenRow(cloudProviderId);
    await updateEmailAccount(ada, await edit(emailAccountId, { name: "Renamed", key: "NEW" }));
    await setEmailAccountActive(ada, { id: emailAccountId, active: false });
    await deleteEmailAccount(ada, { id: emailAccountId });
    expect(await tokenRow(cloudProviderId)).toEqual(before);
  });

  test("to Modern Authentication erases the password", async () => {
    const { cloudProviderId } = await connectedAccount(ada, sandbox());
    const { id } = await create();
    const service = { service: "outlook365", hosts: null };
    const input = await edit(id, { ...service, modernAuthentication: true, cloudProviderId });
    await updateEmailAccount(ada, input);
    expect(await row(id)).toMatchObject({ passwordSealed: null, hosts: null, cloudProviderId });
  });
});

test("a password that was moved to another account opens nothing", async () => {
  const [{ id }, other] = [await create(), await create({ password: "other" })];
  const passwordSealed = (await row(other.id))?.passwordSealed ?? null;
  await db().emailAccount.update({ where: { id }, data: { passwordSealed } });
  await expect(passwordInUse(id)).rejects.toMatchObject({ code: "locked" });
});
