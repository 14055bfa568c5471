import { beforeEach, describe, expect, test } from "vitest";
import { createContact } from "@/lib/contacts/mutations";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { createContactList, deleteContactList, renameContactList } from "./mutations";
import {
  findContactList,
  findContactListUse,
  listContactLists,
  searchContactLists,
} from "./queries";
import { CONTACT_LIST_SORTS, createContactListSchema } from "./schema";

withDatabase();
const ada = administrator();
const params = listParamsSchema(CONTACT_LIST_SORTS).parse({});

beforeEach(async () => {
  await db().emailAccount.deleteMany();
  await db().contactList.deleteMany();
});

const contactIn = (contactListId: string, email: string) =>
  createContact(ada, { contactListId, name: "", email });

const accountOf = (contactListId: string, name = "Support") => {
  const password = { modernAuthentication: false, password: "secret" };
  return createEmailAccount(ada, accountForm({ contactListId, name, ...password }));
};

test("a list is created, chosen, and counted with its contacts and accounts", async () => {
  const list = await createContactList(ada, { name: "Customers" });
  expect(await searchContactLists(ada, "custom")).toEqual({ found: [list], hasMore: false });
  await contactIn(list.id, "bob@fabrikam.test");
  await accountOf(list.id);
  expect((await listContactLists(ada, params)).rows).toEqual([
    { ...list, version: 1, contactCount: 1, accountCount: 1 },
  ]);
  expect(await findContactList(ada, list.id)).toEqual({ ...list, version: 1 });
});

test.each(["customers", "ＣＵＳＴＯＭＥＲＳ", " Customers "])(
  "a name is taken in any spelling: %s",
  async (name) => {
    await createContactList(ada, { name: "Customers" });
    const other = await createContactList(ada, { name: "Partners" });
    const input = createContactListSchema.parse({ name });
    const refused = {
      code: "conflict",
      fields: { name: [expect.stringContaining("Customers")] },
    };
    await expect(createContactList(ada, input)).rejects.toMatchObject(refused);
    const renamed = renameContactList(ada, { id: other.id, version: 1, ...input });
    await expect(renamed).rejects.toMatchObject(refused);
    expect(await db().contactList.count()).toBe(2);
  },
);

describe("a list that is renamed", () => {
  test("has the new name, in another spelling of its own as well", async () => {
    const { id } = await createContactList(ada, { name: "customers" });
    await renameContactList(ada, { id, version: 1, name: "Customers" });
    expect(await findContactList(ada, id)).toEqual({ id, name: "Customers", version: 2 });
  });

  test("by somebody else meanwhile keeps that name, and says who did it", async () => {
    const { id } = await createContactList(ada, { name: "Customers" });
    await renameContactList(administrator("Bob"), { id, version: 1, name: "Clients" });
    await expect(renameContactList(ada, { id, version: 1, name: "Buyers" })).rejects.toMatchObject({
      code: "stale",
      message: expect.stringContaining("Bob changed Name"),
    });
    expect((await findContactList(ada, id))?.name).toBe("Clients");
  });
});

describe("a list that is deleted", () => {
  test("says before what stops", async () => {
    const { id } = await createContactList(ada, { name: "Customers" });
    await contactIn(id, "bob@fabrikam.test");
    for (const name of ["Sales", "Billing", "Careers", "Press", "Events", "Returns"])
      await accountOf(id, name);
    expect(await findContactListUse(ada, id)).toEqual({
      contactCount: 1,
      accountCount: 6,
      accountNames: ["Billing", "Careers", "Events", "Press", "Returns"],
    });
    expect(await findContactListUse(ada, ada.id)).toBeNull();
  });

  test("takes its contacts along, and accounts go on without one", async () => {
    const { id } = await createContactList(ada, { name: "Customers" });
    await contactIn(id, "bob@fabrikam.test");
    const account = await accountOf(id);
    await deleteContactList(ada, { id, moveTo: null });
    expect(await db().contact.count()).toBe(0);
    const row = await db().emailAccount.findUniqueOrThrow({ where: { id: account.id } });
    expect(row).toMatchObject({ contactListId: null, version: 2 });
    const [event] = await db().auditEvent.findMany({ orderBy: { id: "desc" }, take: 1 });
    expect(event).toMatchObject({
      action: "contact_list.delete",
      detail: { contacts: 1, accounts: 1 },
    });
  });

  test("leaves contacts and accounts to another one when told so", async () => {
    const { id } = await createContactList(ada, { name: "Customers" });
    const other = await createContactList(ada, { name: "Partners" });
    await contactIn(id, "bob@fabrikam.test");
    await accountOf(id);
    await deleteContactList(ada, { id, moveTo: other.id });
    expect((await listContactLists(ada, params)).rows).toMatchObject([
      { name: "Partners", contactCount: 1, accountCount: 1 },
    ]);
  });

  test.each(["itself", "one that is gone"])("is not deleted into %s", async (which) => {
    const { id } = await createContactList(ada, { name: "Customers" });
    const moveTo = which === "itself" ? id : ada.id;
    await expect(deleteContactList(ada, { id, moveTo })).rejects.toMatchObject({
      fields: { moveTo: [expect.any(String)] },
    });
    expect(await db().contactList.count()).toBe(1);
  });
});

test("lists are for those who may see and change contacts", async () => {
  const motion = program("accounts:read");
  const refused = { code: "access_denied" };
  await expect(listContactLists(motion, params)).rejects.toMatchObject(refused);
  await expect(createContactList(motion, { name: "x" })).rejects.toMatchObject(refused);
  expect(await db().contactList.count()).toBe(0);
});
