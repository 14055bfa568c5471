import { beforeAll, describe, expect, test } from "vitest";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { searchEmailAccounts } from "@/lib/email-accounts/queries";
import { searchSenders } from "@/lib/email-accounts/senders/queries";
import { db } from "@/lib/kernel/db";
import { findMoveTarget, searchMoveTargets } from "@/lib/migration/queries";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { ALICE, accountForm } from "@/lib/testing/sign-in";
import { CHOICES_SHOWN } from "./schema";

withDatabase();
const ada = administrator();
const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const MANY = 120;
const nameOf = (noun: string, index: number) => `${noun} ${String(index).padStart(4, "0")}`;
const numbers = Array.from({ length: MANY }, (_, index) => index);
const named = (noun: string) =>
  numbers.map((index) => ({
    name: nameOf(noun, index),
    nameKey: nameOf(noun, index).toLowerCase(),
  }));

beforeAll(async () => {
  const registration = { clientId: ID, tenantId: ID, redirectUri: "https://postkey.test/" };
  await db().cloudProvider.createMany({
    data: named("Tenant").map((row) => ({ ...registration, ...row })),
  });
  const google = { ...registration, service: "google", type: "gmail" };
  await db().cloudProvider.create({ data: { ...google, name: "Workspace", nameKey: "workspace" } });
  await db().contactList.createMany({ data: named("List") });
  const mailbox = { emailAddress: ALICE, emailKey: ALICE, service: "outlook365" };
  await db().emailAccount.createMany({
    data: named("Desk").map((row, index) => ({
      ...row,
      ...mailbox,
      username: ALICE,
      usernameKey: ALICE,
      key: String(index),
      keyKey: String(index),
      modernAuthentication: true,
    })),
  });
});

describe.each([
  ["Tenant", (search: string) => searchCloudProviders(ada, { search })],
  ["List", (search: string) => searchContactLists(ada, search)],
  ["Desk", (search: string) => searchEmailAccounts(ada, search)],
  ["Desk", (search: string) => searchSenders(ada, search)],
])("of many rows called %s", (noun, search) => {
  test("the first are shown by name, and that there are more", async () => {
    const { found, hasMore } = await search("");
    expect(found.map(({ name }) => name)).toEqual(
      numbers.slice(0, CHOICES_SHOWN).map((index) => nameOf(noun, index)),
    );
    expect(hasMore).toBe(true);
  });

  test("every one can be found by a part of its name, in any spelling", async () => {
    for (const index of [0, CHOICES_SHOWN, MANY - 1]) {
      const name = nameOf(noun, index);
      const { found, hasMore } = await search(` ${name.toUpperCase()} `);
      expect(found.map((choice) => choice.name)).toEqual([name]);
      expect(hasMore).toBe(false);
    }
  });

  test("what LIKE takes for a wildcard is a character like any other", async () => {
    expect((await search("%")).found).toEqual([]);
    expect((await search("_")).found).toEqual([]);
  });
});

test("an account is moved to any provider of its own service, and to no other", async () => {
  const password = { modernAuthentication: false, password: "secret" };
  const { id: emailAccountId } = await createEmailAccount(ada, accountForm(password));
  const search = (text: string) => searchMoveTargets(ada, { emailAccountId, search: text });
  expect((await search("")).hasMore).toBe(true);
  expect((await search("workspace")).found).toEqual([]);
  const [last] = (await search(nameOf("Tenant", MANY - 1))).found;
  const asked = { emailAccountId, cloudProviderId: last?.id ?? ID, username: ALICE };
  expect(await findMoveTarget(ada, asked)).toMatchObject({
    name: nameOf("Tenant", MANY - 1),
    grant: "delegated",
    isSignedIn: false,
  });
  const { id } = await db().cloudProvider.findFirstOrThrow({ where: { service: "google" } });
  expect(await findMoveTarget(ada, { ...asked, cloudProviderId: id })).toBeNull();
});

test("whoever is signed in at a provider is known there, among however many", async () => {
  const password = { modernAuthentication: false, password: "secret" };
  const { id: emailAccountId } = await createEmailAccount(ada, accountForm(password));
  const { id: cloudProviderId } = await db().cloudProvider.findFirstOrThrow({
    where: { name: nameOf("Tenant", 7) },
  });
  await db().authorization.createMany({
    data: numbers.map((index) => ({
      cloudProviderId,
      grant: "delegated",
      username: `mailbox${index}@contoso.test`,
      objectId: `${index}`,
      tenantId: ID,
      homeAccountId: `${index}`,
      scopes: [],
      displayName: "",
      signedInByName: "Ada",
    })),
  });
  const at = (username: string) =>
    findMoveTarget(ada, { emailAccountId, cloudProviderId, username });
  expect(await at(` MAILBOX${MANY - 1}@contoso.test `)).toMatchObject({ isSignedIn: true });
  expect(await at(`mailbox${MANY}@contoso.test`)).toMatchObject({ isSignedIn: false });
});
