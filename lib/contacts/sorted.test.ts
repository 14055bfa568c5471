import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { accountForm } from "@/lib/testing/sign-in";
import { createContactList } from "./lists/mutations";
import { createContact } from "./mutations";
import { listContacts } from "./queries";
import { CONTACT_SORTS, type ContactRow, createContactSchema } from "./schema";

withDatabase();
const ada = administrator();

beforeAll(async () => {
  const accounts = [null, await addAccount("Sales"), await addAccount("Support")];
  const lists = ["Partners", "customers", "Empty", "Allies"];
  for (const [at, name] of lists.entries()) {
    const { id: contactListId } = await createContactList(ada, { name });
    if (name !== "Empty") await addContacts(contactListId, { at, accounts });
  }
});

async function addAccount(name: string): Promise<string> {
  const key = name.slice(0, 5).toLowerCase();
  const emailAddress = `${key}@contoso.test`;
  const host = { host: "mail.contoso.test", port: 993, tls: "implicit" };
  const hosts = { imap: host, smtp: { ...host, port: 465 }, pop3: { ...host, port: 995 } };
  const custom = { service: "custom", modernAuthentication: false, password: "p", hosts };
  return (await createEmailAccount(ada, accountForm({ ...custom, name, key, emailAddress }))).id;
}

type Sources = { at: number; accounts: (string | null)[] };

async function addContacts(contactListId: string, { at, accounts }: Sources): Promise<void> {
  for (let n = 0; n < 7; n += 1) {
    const email = `c${at}${n}@customer.test`;
    const { id } = await createContact(ada, createContactSchema.parse({ contactListId, email }));
    const emailAccountId = accounts[(at + n) % accounts.length] ?? null;
    await db().contact.update({ where: { id }, data: { emailAccountId }, select: { id: true } });
  }
}

const parse = (query: object) => listParamsSchema(CONTACT_SORTS).parse(query);
const asked = (sort: string, direction: string) => ({ sort, direction });

/** All of them, four at a time, from the first page to the last and back again. */
async function walk(query: object, contactListId?: string): Promise<ContactRow[]> {
  const there: ContactRow[] = [];
  const back: ContactRow[] = [];
  let page = await listContacts(ada, { ...parse(query), limit: 4 }, contactListId);
  for (there.push(...page.rows); page.next; there.push(...page.rows))
    page = await listContacts(
      ada,
      { ...parse({ ...query, after: page.next }), limit: 4 },
      contactListId,
    );
  for (back.unshift(...page.rows); page.previous; back.unshift(...page.rows))
    page = await listContacts(
      ada,
      { ...parse({ ...query, before: page.previous }), limit: 4 },
      contactListId,
    );
  expect(back.map(({ id }) => id)).toEqual(there.map(({ id }) => id));
  return there;
}

const distinct = (names: (string | null)[]) => names.filter((name, at) => name !== names[at - 1]);

describe("contacts are sorted", () => {
  test.each([
    ["asc", ["Allies", "customers", "Partners"]],
    ["desc", ["Partners", "customers", "Allies"]],
  ])("by the name of their List, %s", async (direction, names) => {
    const rows = await walk(asked("list", direction));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(21);
    expect(distinct(rows.map(({ listName }) => listName))).toEqual(names);
  });

  test.each([
    ["asc", [null, "Sales", "Support"]],
    ["desc", ["Support", "Sales", null]],
  ])("by the account that they come from, %s", async (direction, names) => {
    const rows = await walk(asked("source", direction));
    expect(new Set(rows.map(({ id }) => id)).size).toBe(21);
    expect(distinct(rows.map(({ accountName }) => accountName))).toEqual(names);
  });

  test("by the account within one List, and within a search", async () => {
    const { id } = await db().contactList.findFirstOrThrow({ where: { name: "Partners" } });
    const rows = await walk(asked("source", "asc"), id);
    expect(rows).toHaveLength(7);
    expect(distinct(rows.map(({ accountName }) => accountName))).toEqual([
      null,
      "Sales",
      "Support",
    ]);
    const found = await walk({ ...asked("list", "asc"), search: "3@customer" });
    expect(found.map(({ listName }) => listName)).toEqual(["Allies", "customers", "Partners"]);
  });

  test("by the new name of a List at once", async () => {
    await db().contactList.updateMany({
      where: { name: "Allies" },
      data: { name: "Zulu", nameKey: "zulu" },
    });
    const rows = await walk(asked("list", "asc"));
    expect(distinct(rows.map(({ listName }) => listName))).toEqual([
      "customers",
      "Partners",
      "Zulu",
    ]);
    await db().contactList.updateMany({
      where: { name: "Zulu" },
      data: { name: "Allies", nameKey: "allies" },
    });
  });
});
