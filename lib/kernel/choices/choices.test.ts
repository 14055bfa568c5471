import { beforeAll, expect, test } from "vitest";
import { searchContactLists } from "@/lib/contacts/lists/queries";
import { searchEmailAccounts, searchSenders } from "@/lib/email-accounts/queries";
import { db } from "@/lib/kernel/db";
import { findMoveGrant, searchMoveTargets } from "@/lib/migration/queries";
import { searchCloudProviders } from "@/lib/registrations/queries";
import { findSignIn } from "@/lib/sign-ins/signed-in/queries";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { ALICE } from "@/lib/testing/sign-in";
import { CHOICES_SHOWN } from "./schema";

withDatabase();
const ada = administrator();
const ID = "3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10";
const MANY = CHOICES_SHOWN + 20;
const nameOf = (noun: string, index: number) => `${noun} ${String(index).padStart(4, "0")}`;
const numbers = Array.from({ length: MANY }, (_, index) => index);
const named = (noun: string) =>
  numbers.map((index) => ({
    name: nameOf(noun, index),
    nameKey: nameOf(noun, index).toLowerCase(),
  }));

beforeAll(async () => {
  const registration = { clientId: ID, tenantId: ID, redirectUri: "https://postkey.test/" };
  const google = { service: "google", type: "gmail", name: "Workspace", nameKey: "workspace" };
  await db().cloudProvider.createMany({
    data: [...named("Tenant"), google].map((row) => ({ ...registration, ...row })),
  });
  await db().contactList.createMany({ data: named("List") });
  const mailbox = { emailAddress: ALICE, emailKey: ALICE, service: "outlook365" };
  const who = { username: ALICE, usernameKey: ALICE, modernAuthentication: true };
  await db().emailAccount.createMany({
    data: named("Desk").map((row) => ({
      ...row,
      ...mailbox,
      ...who,
      key: row.name,
      keyKey: row.name,
    })),
  });
});

test("an exact name, key or address comes first", async () => {
  const first = async (search: string) => (await searchEmailAccounts(ada, search)).found[0]?.name;
  const who = { username: ALICE, usernameKey: ALICE, modernAuthentication: true };
  const add = (name: string, address: string, key = name) => {
    const named = { name, nameKey: name.toLowerCase(), key, keyKey: key.toLowerCase() };
    const mailbox = { service: "outlook365", emailAddress: address, emailKey: address };
    return db().emailAccount.create({ data: { ...who, ...named, ...mailbox } });
  };
  const ids = [
    await add("Billing Ghent", "sales.billing@contoso.test"),
    await add("Sales", "info@contoso.test"),
    await add("Zenith", "sales@contoso.test", "Sal"),
  ].map(({ id }) => id);
  expect(await first("sales")).toBe("Sales");
  expect(await first("SALES@contoso.test")).toBe("Zenith");
  expect(await first("sal")).toBe("Zenith");
  const senders = await searchSenders(ada, "sal");
  expect(senders.found[0]?.name).toBe("Zenith");
  await db().emailAccount.deleteMany({ where: { id: { in: ids } } });
});

test.each([
  ["Tenant", (search: string) => searchCloudProviders(ada, { search })],
  ["List", (search: string) => searchContactLists(ada, search)],
  ["Desk", (search: string) => searchEmailAccounts(ada, search)],
  ["Desk", (search: string) => searchSenders(ada, search)],
])(
  "of many rows called %s the first are shown, and each is found by its name",
  async (noun, search) => {
    const names = async (text: string) => {
      const { found, hasMore } = await search(text);
      return [found.map(({ name }) => name), hasMore];
    };
    const all = numbers.map((index) => nameOf(noun, index));
    expect(await names("")).toEqual([all.slice(0, CHOICES_SHOWN), true]);
    for (const name of [all[0] ?? "", all[MANY - 1] ?? ""])
      expect(await names(` ${name.toUpperCase()} `)).toEqual([[name], false]);
    for (const wildcard of ["%", "_"]) expect(await names(wildcard)).toEqual([[], false]);
  },
);

test("an account is moved to any provider of its own service, and to no other", async () => {
  const last = nameOf("Tenant", MANY - 1);
  const service = "outlook365";
  const search = (text: string) => searchMoveTargets(ada, { service, search: text });
  expect((await search("workspace")).found).toEqual([]);
  const [{ id } = { id: "" }] = (await search(last)).found;
  expect(await findMoveGrant(ada, { service, cloudProviderId: id })).toBe("delegated");
  const google = await db().cloudProvider.findFirstOrThrow({ where: { service: "google" } });
  expect(await findMoveGrant(ada, { service, cloudProviderId: google.id })).toBeNull();
});

test("who is signed in is found among however many", async () => {
  const { id } = await db().cloudProvider.findFirstOrThrow({
    where: { name: nameOf("Tenant", MANY - 1) },
  });
  const like = { cloudProviderId: id, tenantId: ID, scopes: [], displayName: "" };
  const signedIn = await db().authorization.createManyAndReturn({
    data: numbers.map((index) => ({
      ...like,
      username: `mailbox${index}@contoso.test`,
      objectId: `${index}`,
      homeAccountId: `${index}`,
      signedInByName: "Ada",
    })),
  });
  const until = { accessTokenExpiresAt: new Date(), refreshDueAt: new Date() };
  await db().tokenSet.createMany({
    data: signedIn.map((each) => ({
      authorizationId: each.id,
      accessTokenSealed: "",
      cacheSealed: "",
      ...until,
    })),
  });
  const at = (username: string) => findSignIn(ada, { cloudProviderId: id, username });
  expect((await at(` MAILBOX${MANY - 1}@contoso.test `))?.signedIn).not.toBeNull();
  expect((await at(`mailbox${MANY}@contoso.test`))?.signedIn).toBeNull();
});
