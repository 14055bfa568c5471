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

/** All of them, four at a time, from the first page to the last. */
async function walk(query: object): Promise<ContactRow[]> {
  const rows: ContactRow[] = [];
  for (let after: string | undefined, isMore = true; isMore; isMore = after !== undefined) {
    const page = await listContacts(ada, { ...parse({ ...query, after }), limit: 4 });
    rows.push(...page.rows);
    after = page.next;
  }
  return rows;
}

const distinct = (names: (string | null)[]) => names.filter((name, at) => name !== names[at - 1]);

describe("contacts are sorted", () => {
  test.each([
    ["list", ["Allies", "customers", "Partners"]],
    ["source", [null, "Sales", "Support"]],
  ])("by the name of their %s, in both directions", async (sort, names) => {
    for (const [direction, expected] of [
      ["asc", names],
      ["desc", names.toReversed()],
    ] as const) {
      const rows = await walk(asked(sort, direction));
      expect(new Set(rows.map(({ id }) => id)).size).toBe(21);
      const named = rows.map(({ listName, accountName }) =>
        sort === "list" ? listName : accountName,
      );
      expect(distinct(named)).toEqual(expected);
    }
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
