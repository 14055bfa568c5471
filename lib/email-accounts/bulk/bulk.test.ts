import { randomUUID } from "node:crypto";
import { beforeEach, describe, expect, test } from "vitest";
import { verifyAudit } from "@/lib/audit/verify";
import { db } from "@/lib/kernel/db";
import { createSignInLinks } from "@/lib/sign-ins/links/mutations";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { either } from "@/lib/testing/long";
import { seedProvider } from "@/lib/testing/outage";
import { statementsOf } from "@/lib/testing/statements";
import { updateEmailAccount } from "../mutations";
import { findEditedAccount, findEmailAccount } from "../queries";
import { updateEmailAccountSchema } from "../schema";
import { changeAccounts, deleteAccounts } from "./mutations";
import { findAccountUse, findSelected, listSignIns } from "./queries";
import { changeAccountsSchema, type Selection } from "./schema";

withDatabase();
const ada = administrator();
const GONE = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
let cloudProviderId: string;
let contactListId: string;
let ids: string[];

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  cloudProviderId = await seedProvider({ accounts: 60 });
  const name = randomUUID();
  ({ id: contactListId } = await db().contactList.create({ data: { name, nameKey: name } }));
  const rows = await db().emailAccount.findMany({ orderBy: { nameKey: "asc" } });
  ids = rows.map(({ id }) => id);
});

const ticked = (count: number): Selection => ({
  accounts: "selected",
  emailAccountIds: ids.slice(0, count),
});
const everything: Selection = { accounts: "all", search: "" };
const list = (to: string | null) => ({ set: "contactListId", to }) as const;
const ofList = (id: string | null) => db().emailAccount.count({ where: { contactListId: id } });

describe("many accounts", () => {
  test("get a List at once, and those that have it are left alone", async () => {
    const first = { selection: ticked(50), change: list(contactListId) };
    const result = await changeAccounts(ada, first);
    expect(result).toEqual({ changed: 50, unchanged: 0, missing: 0, refused: [] });
    const second = { selection: everything, change: list(contactListId), expected: 60 };
    expect(await changeAccounts(ada, second)).toMatchObject({ changed: 10, unchanged: 50 });
    expect(await ofList(contactListId)).toBe(60);
    const none = { selection: ticked(3), change: list(null) };
    expect(await changeAccounts(ada, none)).toMatchObject({ changed: 3 });
    expect(await ofList(null)).toBe(3);
  });

  test("get a provider where it fits, and the others are named with the reason", async () => {
    const other = await seedProvider({ accounts: 0, name: "Other" });
    const set = (id: string | undefined, data: object) =>
      db().emailAccount.update({ where: { id: id ?? "" }, data });
    await set(ids[0], { service: "gmail" });
    await set(ids[1], { modernAuthentication: false, cloudProviderId: null });
    const change = { set: "cloudProviderId", to: other } as const;
    const result = await changeAccounts(ada, { selection: ticked(10), change });
    expect(result).toMatchObject({ changed: 8, unchanged: 0, missing: 0 });
    expect(result.refused.map(({ reason }) => reason).sort()).toEqual([
      "It signs in with a password. Use Migration to move it.",
      "This cloud provider belongs to another service.",
    ]);
    expect((await findEmailAccount(ada, ids[5] ?? ""))?.state).toBe("not_signed_in");
  });

  test("are deleted, and once they are all gone that is told", async () => {
    const selection = ticked(5);
    await db().emailAccount.delete({ where: { id: ids[0] ?? "" } });
    expect(await deleteAccounts(ada, { selection })).toMatchObject({ changed: 4, missing: 1 });
    expect(await db().emailAccount.count()).toBe(55);
    const nothing = { changed: 0, unchanged: 0, missing: 5, refused: [] };
    expect(await deleteAccounts(ada, { selection })).toEqual(nothing);
    expect(await changeAccounts(ada, { selection, change: list(null) })).toEqual(nothing);
    const none: Selection = { ...everything, search: "no such account" };
    const refused = deleteAccounts(ada, { selection: none });
    await expect(refused).rejects.toMatchObject({ code: "unprocessable" });
  });
});

test("the accounts of a list are named one by one, in the order of their names", async () => {
  const rows = await findSelected(ada, everything);
  expect(rows.map(({ id }) => id)).toEqual(ids);
  const some = { ...program("accounts:read"), accounts: { ids: [ids[7] ?? ""] } };
  expect(await findSelected(some, everything)).toHaveLength(1);
  const none: Selection = { ...everything, search: "no such account" };
  await expect(findSelected(ada, none)).rejects.toMatchObject({ code: "unprocessable" });
});

describe("nothing is changed", () => {
  test("when the list shows another number of accounts than was seen", async () => {
    const input = { selection: everything, change: list(contactListId), expected: 61 };
    await expect(changeAccounts(ada, input)).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("60 accounts now, not 61"),
    });
    expect(await ofList(contactListId)).toBe(0);
  });

  test.each(["contactListId", "cloudProviderId"] as const)("when the %s is gone", async (set) => {
    const gone = changeAccounts(ada, { selection: everything, change: { set, to: GONE } });
    await expect(gone).rejects.toMatchObject({ code: "unprocessable" });
  });
});

test.each([
  { accounts: "selected", emailAccountIds: [] },
  { accounts: "selected", emailAccountIds: Array(1_001).fill(GONE) },
  { accounts: "all", search: "", view: "broken" },
])("a selection is refused: %#", (selection) => {
  const change = { set: "active", to: true };
  expect(changeAccountsSchema.safeParse({ selection, change }).success).toBe(false);
});

test("the trail has each account, and an edit of one that was changed meanwhile is told by whom", async () => {
  const id = ids[0] ?? "";
  const seen = await findEditedAccount(ada, id);
  await changeAccounts(ada, { selection: ticked(50), change: list(contactListId) });
  const of = { action: "email_account.update", objectId: { in: ids } };
  expect(await db().auditEvent.count({ where: of })).toBe(50);
  expect(await verifyAudit()).toMatchObject({ isIntact: true });
  const fields = { ...seen, id, mailbox: "", password: "" };
  const edit = updateEmailAccountSchema.parse(fields);
  await expect(updateEmailAccount(ada, edit)).rejects.toMatchObject({
    code: "stale",
    message: expect.stringContaining("Ada changed List"),
  });
});

test("two who change the same accounts at once both come to an end, one after the other", async () => {
  const flip = (to: boolean) =>
    changeAccounts(ada, { selection: everything, change: { set: "active", to } });
  for (let round = 0; round < 2; round += 1)
    await Promise.all([flip(false), flip(true), flip(false)]);
  expect(
    await db().emailAccount.count({ where: { state: { in: ["inactive", "connected"] } } }),
  ).toBe(60);
});

test("thousands at once take hardly more statements than two", async () => {
  const change = list(contactListId);
  const two = await statementsOf(() => changeAccounts(ada, { selection: ticked(2), change }));
  await db().emailAccount.updateMany({ data: { contactListId: null } });
  const accounts = either({ short: 235, long: 2_485 });
  for (const name of ["One", "Two", "Three", "Four"]) await seedProvider({ accounts, name });
  const all = { selection: everything, change, expected: 60 + 4 * accounts };
  const many = await statementsOf(() => changeAccounts(ada, all));
  // The trail takes some thousands of events at once.
  expect(many.length).toBeLessThan(two.length + 20);
  expect(await ofList(contactListId)).toBe(60 + 4 * accounts);
}, 120_000);

test("accounts that were deleted since they were ticked are told before anything is confirmed", async () => {
  await db().emailAccount.delete({ where: { id: ids[0] ?? "" } });
  expect(await findSelected(ada, ticked(5))).toHaveLength(4);
  expect(await findSelected(ada, everything)).toHaveLength(59);
});

test("the devices and API keys that would be refused are named, those of other accounts are not", async () => {
  const device = (name: string, at: number) => {
    const fields = { name, nameKey: name, prefix: name, protocols: ["smtp"] };
    const rest = { emailAccountId: ids[at] ?? "", passwordHash: "x", createdByName: "Ada" };
    return db().device.create({ data: { ...fields, ...rest } });
  };
  await device("Scanner", 0);
  await device("Elsewhere", 9);
  const { id } = await device("Revoked", 1);
  await db().device.update({ where: { id }, data: { revokedAt: new Date() } });
  const over = await device("Expired", 1);
  await db().device.update({ where: { id: over.id }, data: { expiresAt: new Date(1) } });
  const key = { hint: "x", permissions: ["tokens:read"], createdByName: "Ada" };
  await db().apiKey.createMany({
    data: [
      { ...key, name: "Shop", keyHash: "shop", accountIds: [ids[1] ?? ""] },
      { ...key, name: "All of them", keyHash: "all" },
      { ...key, name: "By prefix", keyHash: "prefix", accountKeyPrefix: "none-begins-so" },
    ],
  });
  const of = { id: { in: [ids[1] ?? "", ids[9] ?? ""] } };
  const people = await db().emailAccount.findMany({ where: of });
  const usernames = people.map(({ username }) => username);
  await createSignInLinks(ada, { cloudProviderId, usernames });
  const [second] = people.filter((person) => person.id === ids[1]);
  expect(await findAccountUse(ada, ticked(2))).toEqual({
    devices: { count: 1, names: ["Scanner"] },
    keys: { count: 1, names: ["Shop"] },
    links: { count: 1, names: [second?.username] },
  });
});

describe("who has to sign in for many accounts", () => {
  const at = (data: object, ...which: (string | undefined)[]) =>
    db().emailAccount.updateMany({ where: { id: { in: which.map((id) => id ?? "") } }, data });

  test("is each person once, by provider, with an account of theirs", async () => {
    const other = await seedProvider({ accounts: 0, name: "Other" });
    await at({ cloudProviderId: other, usernameKey: "dave@contoso.test" }, ids[0], ids[1]);
    await at({ usernameKey: "eve@contoso.test", username: "Eve@contoso.test" }, ids[2]);
    const { providers, others } = await listSignIns(ada, ticked(10));
    expect(providers).toMatchObject([
      {
        name: "Contoso",
        grant: "delegated",
        people: [{ username: "Eve@contoso.test", emailAccountId: ids[2] }],
      },
      { name: "Other", people: [{ accounts: 2, emailAccountId: ids[0] }] },
    ]);
    expect(others).toEqual([{ state: "connected", accounts: 7 }]);
  });

  test("is told to a program of its own accounts alone", async () => {
    await at({ usernameKey: "eve@contoso.test" }, ids[0], ids[1]);
    const some = { ...program("accounts:read"), accounts: { ids: [ids[1] ?? ""] } };
    const { providers } = await listSignIns(some, everything);
    expect(providers[0]?.people).toMatchObject([{ emailAccountId: ids[1], accounts: 1 }]);
  });
});
