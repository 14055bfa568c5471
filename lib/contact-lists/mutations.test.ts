import { beforeEach, expect, test } from "vitest";
import { db } from "@/lib/db";
import { listParamsSchema } from "@/lib/paging/schema";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { createContact, createContactList } from "./mutations";
import { findContactList, listContactListChoices, listContactLists, listContacts } from "./queries";
import { CONTACT_SORTS, createContactListSchema, createContactSchema } from "./schema";

withDatabase();
const ada = administrator();
const params = listParamsSchema(CONTACT_SORTS).parse({});

beforeEach(async () => {
  await db().contactList.deleteMany();
});

test("a list is created, chosen, and counted with its contacts", async () => {
  const list = await createContactList(ada, { name: "Customers" });
  expect(await listContactListChoices(ada)).toEqual([list]);
  await createContact(ada, { contactListId: list.id, name: "Bob", email: "bob@fabrikam.test" });
  expect(await listContactLists(ada)).toEqual([{ ...list, contactCount: 1, accountCount: 0 }]);
  expect(await findContactList(ada, list.id)).toEqual(list);
  expect((await listContacts(ada, params, list.id)).rows).toMatchObject([
    { name: "Bob", email: "bob@fabrikam.test", listName: "Customers" },
  ]);
});

test.each(["customers", "ＣＵＳＴＯＭＥＲＳ", " Customers "])(
  "a name is taken in any spelling: %s",
  async (name) => {
    await createContactList(ada, { name: "Customers" });
    const input = createContactListSchema.parse({ name });
    await expect(createContactList(ada, input)).rejects.toMatchObject({
      code: "conflict",
      fields: { name: [expect.stringContaining("Customers")] },
    });
    expect(await db().contactList.count()).toBe(1);
  },
);

test("an address is in one list only, in any spelling", async () => {
  const [one, two] = [
    await createContactList(ada, { name: "One" }),
    await createContactList(ada, { name: "Two" }),
  ];
  await createContact(ada, { contactListId: one.id, name: "", email: "bob@fabrikam.test" });
  const input = createContactSchema.parse({
    contactListId: two.id,
    name: "",
    email: "BOB@Fabrikam.TEST",
  });
  await expect(createContact(ada, input)).rejects.toMatchObject({
    code: "conflict",
    fields: { email: [expect.stringContaining("One")] },
  });
  expect(await db().contact.count()).toBe(1);
});

test("a contact needs a list that is there", async () => {
  const input = { contactListId: ada.id, name: "Bob", email: "bob@fabrikam.test" };
  await expect(createContact(ada, input)).rejects.toMatchObject({ code: "not_found" });
});

test("contacts are for those who may see and change them", async () => {
  const motion = program("accounts:read");
  const refused = { code: "access_denied" };
  await expect(listContacts(motion, params)).rejects.toMatchObject(refused);
  await expect(listContactLists(motion)).rejects.toMatchObject(refused);
  await expect(createContactList(motion, { name: "x" })).rejects.toMatchObject(refused);
  expect(await db().contactList.count()).toBe(0);
});

test.each([
  ["an address that is none", { email: "a@b" }],
  ["a name of control characters", { name: "a\u0000" }],
  ["a list that is none", { contactListId: "../1" }],
  ["an unknown key", { id: "x" }],
])("a form with %s is refused", (_what, changes) => {
  const input = { contactListId: ada.id, name: "", email: "bob@fabrikam.test", ...changes };
  expect(createContactSchema.safeParse(input).success).toBe(false);
});
