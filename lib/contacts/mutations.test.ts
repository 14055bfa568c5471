import { beforeEach, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { createContactList, deleteContactList, renameContactList } from "./lists/mutations";
import { findContactList, listContactLists, searchContactLists } from "./lists/queries";
import { createContactListSchema } from "./lists/schema";
import {
  createContact,
  deleteContacts,
  mergeContacts,
  moveContacts,
  updateContact,
} from "./mutations";
import { findContact, listContacts } from "./queries";
import { createContactSchema, mergeContactsSchema } from "./schema";

withDatabase();
const ada = administrator();
let customers: string;
let partners: string;

beforeEach(async () => {
  await db().contactList.deleteMany();
  customers = (await createContactList(ada, { name: "Customers" })).id;
  partners = (await createContactList(ada, { name: "Partners" })).id;
});

const add = (email: string, name = "", contactListId = customers) =>
  createContact(ada, createContactSchema.parse({ contactListId, name, email }));

async function see(id: string) {
  const contact = await findContact(ada, id);
  if (!contact) throw new Error("It is gone.");
  return contact;
}

const seen = async (id: string) => ({ id, version: (await see(id)).version });

describe("a contact", () => {
  test("is listed with its list, in that list and among all", async () => {
    const { id } = await add("bob@fabrikam.test", "Bob");
    const row = { id, name: "Bob", email: "bob@fabrikam.test", listName: "Customers", version: 1 };
    expect((await listContacts(ada)).rows).toMatchObject([row]);
    expect((await listContacts(ada, { contactListId: customers })).rows).toMatchObject([row]);
    expect((await listContacts(ada, { contactListId: partners })).rows).toEqual([]);
  });

  test("is in one list only, whatever the spelling of its address", async () => {
    await add("bob@fabrikam.test");
    const fields = { email: ["This address is already in the list “Customers”."] };
    const again = add("BOB@Fabrikam.TEST", "", partners);
    await expect(again).rejects.toMatchObject({ code: "conflict", fields });
    await add("info@müller.example");
    for (const email of ["ｂｏｂ@fabrikam.test", "INFO@xn--mller-kva.example"])
      await expect(add(email)).rejects.toMatchObject({ code: "conflict" });
    expect(await db().contact.count()).toBe(2);
  });

  test.each([
    ["an address that is none", { email: "a@b" }],
    ["a name of control characters", { name: "a\u0000" }],
    ["a list that is none", { contactListId: "../1" }],
  ])("with %s is refused", (_what, changes) => {
    const input = { contactListId: customers, name: "", email: "bob@fabrikam.test", ...changes };
    expect(createContactSchema.safeParse(input).success).toBe(false);
  });
});

describe("an edit", () => {
  test("changes name, address and list, and the trail says which, not to what", async () => {
    const { id } = await add("bob@fabrikam.test", "Bob");
    const edit = { name: "Robert", email: "robert@fabrikam.test", contactListId: partners };
    await updateContact(ada, { id, version: 1, ...edit });
    expect(await see(id)).toMatchObject({ ...edit, version: 2 });
    const events = await db().auditEvent.findMany({ where: { objectId: id } });
    expect(events.map(({ action }) => action)).toEqual(["contact.create", "contact.update"]);
    expect(events[1]?.detail).toEqual({ version: 2, changed: ["Name", "Email address", "List"] });
    expect(JSON.stringify(events, (_key, value) => `${value}`)).not.toMatch(/bob|robert/i);
  });

  test("of what somebody else changed meanwhile is refused with what that was", async () => {
    const { id } = await add("bob@fabrikam.test", "Bob");
    const edit = { id, version: 1, email: "bob@fabrikam.test", contactListId: customers };
    await updateContact(administrator("Eve"), { ...edit, name: "Bobby" });
    await expect(updateContact(ada, { ...edit, name: "Robert" })).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("Eve changed Name"),
    });
    expect((await see(id)).name).toBe("Bobby");
  });

  test("of two at once one is saved", async () => {
    const { id } = await add("bob@fabrikam.test");
    const edit = { id, version: 1, email: "bob@fabrikam.test", contactListId: customers };
    const results = await Promise.allSettled(
      ["One", "Two", "Three"].map((name) => updateContact(ada, { ...edit, name })),
    );
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    expect((await see(id)).version).toBe(2);
  });
});

describe("several contacts", () => {
  test("are moved", async () => {
    const ids = [(await add("a@x.example")).id, (await add("b@x.example")).id];
    const contacts = await Promise.all(ids.map(seen));
    await moveContacts(ada, { contacts, contactListId: partners });
    expect((await listContacts(ada, { contactListId: partners })).rows).toHaveLength(2);
    await expect(moveContacts(ada, { contacts, contactListId: customers })).rejects.toMatchObject({
      code: "stale",
      message: expect.stringMatching(/“[ab]@x\.example” was not saved\. Ada changed List/),
    });
  });

  test("are deleted, all or none", async () => {
    const ids = [(await add("a@x.example")).id, (await add("b@x.example")).id];
    const contacts = await Promise.all(ids.map(seen));
    const withOneGone = [...contacts, { id: ada.id, version: 1 }];
    const deleted = deleteContacts(ada, { contacts: withOneGone });
    await expect(deleted).rejects.toMatchObject({ code: "not_found" });
    expect(await db().contact.count()).toBe(2);
    await deleteContacts(ada, { contacts });
    expect(await db().contact.count()).toBe(0);
  });

  test("become one, which was seen from the first time to the last", async () => {
    const form = accountForm({ modernAuthentication: false, password: "secret" });
    const { id: emailAccountId } = await createEmailAccount(ada, form);
    const seenAt = (first: string | null, last: string | null) => ({
      firstSeenAt: first && new Date(first),
      lastSeenAt: last && new Date(last),
    });
    const rows = {
      "bob@new.example": seenAt("2026-03-01", "2026-09-01"),
      "bob@old.example": { ...seenAt("2024-03-01", "2026-02-01"), emailAccountId },
      "bob@third.example": seenAt(null, null),
    };
    for (const [email, row] of Object.entries(rows)) {
      const names = { contactListId: customers, email, emailKey: email, name: "" };
      await db().contact.create({ data: { ...names, ...row } });
    }
    const all = (await listContacts(ada)).rows;
    const email = "bob@new.example";
    const keepId = all.find((row) => row.email === email)?.id ?? "";
    const contacts = all.map(({ id, version }) => ({ id, version }));
    await mergeContacts(ada, mergeContactsSchema.parse({ contacts, keepId, name: "Bob" }));
    const kept = { id: keepId, name: "Bob", email, version: 2, emailAccountId };
    const merged = { ...kept, ...seenAt("2024-03-01", "2026-09-01") };
    expect((await listContacts(ada)).rows).toMatchObject([merged]);
  });

  test("that two people select in another order do not wait for each other", async () => {
    const ids = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => (await add(`c${index}@x.example`)).id),
    );
    const contacts = await Promise.all(ids.map(seen));
    const results = await Promise.allSettled([
      moveContacts(ada, { contacts, contactListId: partners }),
      deleteContacts(ada, { contacts: contacts.toReversed() }),
    ]);
    const refusals = results.flatMap((each) => (each.status === "rejected" ? [each.reason] : []));
    expect(refusals).toHaveLength(1);
    expect(["stale", "not_found"]).toContain(refusals[0]?.code);
  });
});

test("all that a search finds is read in order, a batch at a time", async () => {
  await db().$executeRaw`INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name)
    SELECT gen_random_uuid(), ${customers}::uuid, e, e, CASE n % 2 WHEN 0 THEN 'Even' ELSE '' END
    FROM (SELECT n, lpad(n::text, 5, '0') || '@x.example' AS e FROM generate_series(1, 2500) n) x`;
  const read = async (filter: Parameters<typeof listContacts>[1]) => {
    const found: string[] = [];
    for await (const rows of listContacts.each(ada, filter))
      found.push(...rows.map((row) => row.email));
    return found;
  };
  const all = await read({ search: "" });
  expect(all).toHaveLength(2_500);
  expect(all).toEqual([...all].sort());
  expect(await read({ search: "even", contactListId: customers })).toHaveLength(1_250);
  expect(await read({ search: "", contactListId: partners })).toEqual([]);
});

describe("a list", () => {
  const lists = async () => (await listContactLists(ada)).rows;

  /** A contact of the customers, and an account that saves its senders there. */
  async function inUse(): Promise<string> {
    await db().emailAccount.deleteMany();
    await add("bob@fabrikam.test");
    const password = { modernAuthentication: false, password: "secret" };
    const form = accountForm({ contactListId: customers, ...password });
    return (await createEmailAccount(ada, form)).id;
  }

  test("is created, chosen, and counted with its contacts and accounts", async () => {
    await inUse();
    const list = { id: customers, name: "Customers" };
    expect(await searchContactLists(ada, "custom")).toEqual({ found: [list], hasMore: false });
    const counted = { ...list, version: 1, contactCount: 1, accountCount: 1 };
    expect(await lists()).toContainEqual(counted);
    expect(await findContactList(ada, customers)).toEqual({ ...list, version: 1 });
  });

  test("has a name that is taken in any spelling", async () => {
    const input = createContactListSchema.parse({ name: " ＣＵＳＴＯＭＥＲＳ " });
    const fields = { name: [expect.stringContaining("Customers")] };
    const refused = { code: "conflict", fields };
    await expect(createContactList(ada, input)).rejects.toMatchObject(refused);
    const renamed = renameContactList(ada, { id: partners, version: 1, ...input });
    await expect(renamed).rejects.toMatchObject(refused);
    expect(await db().contactList.count()).toBe(2);
  });

  test("that was renamed by somebody else meanwhile keeps that name, and says who did it", async () => {
    const rename = { id: customers, version: 1 };
    await renameContactList(administrator("Bob"), { ...rename, name: "Clients" });
    const message = expect.stringContaining("Bob changed Name");
    const renamed = renameContactList(ada, { ...rename, name: "Buyers" });
    await expect(renamed).rejects.toMatchObject({ code: "stale", message });
    expect((await findContactList(ada, customers))?.name).toBe("Clients");
  });

  test("that is deleted takes its contacts along, and accounts go on without one", async () => {
    const id = await inUse();
    await deleteContactList(ada, { id: customers, moveTo: null });
    expect(await db().contact.count()).toBe(0);
    const row = await db().emailAccount.findUniqueOrThrow({ where: { id } });
    expect(row).toMatchObject({ contactListId: null, version: 2 });
    const event = await db().auditEvent.findFirst({ orderBy: { id: "desc" } });
    const detail = { contacts: 1, accounts: 1 };
    expect(event).toMatchObject({ action: "contact_list.delete", detail });
  });

  test("that is deleted leaves them to another one when told so, that is there", async () => {
    await inUse();
    for (const moveTo of [customers, ada.id]) {
      const deleted = deleteContactList(ada, { id: customers, moveTo });
      await expect(deleted).rejects.toMatchObject({ fields: { moveTo: [expect.any(String)] } });
    }
    await deleteContactList(ada, { id: customers, moveTo: partners });
    expect(await lists()).toMatchObject([{ id: partners, contactCount: 1, accountCount: 1 }]);
  });
});
