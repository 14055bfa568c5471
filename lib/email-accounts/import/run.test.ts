import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { db } from "@/lib/kernel/db";
import { type AccountCells, accountFile, loadAccounts } from "@/lib/testing/account-file";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { either } from "@/lib/testing/long";
import { expectOwnWords, ODD_CELLS } from "@/lib/testing/odd-cells";
import { seedProvider } from "@/lib/testing/outage";
import { listEmailAccounts } from "../queries";
import { openPassword } from "../store";
import { ACCOUNT_COLUMNS, ACCOUNT_IMPORT_MAX_BYTES, ACCOUNT_IMPORT_MAX_ROWS } from "./schema";

withDatabase();
const ada = administrator();
let cloudProviderId: string;
let contactListId: string;

beforeAll(async () => {
  cloudProviderId = await seedProvider({ accounts: 0, name: "Contoso" });
  const where = { id: cloudProviderId };
  await db().cloudProvider.update({ where, data: { nameKey: "contoso" } });
  contactListId = (await createContactList(ada, { name: "Customers" })).id;
});

beforeEach(() => db().emailAccount.deleteMany());

const load = (file: string, asked?: Parameters<typeof loadAccounts>[2]) =>
  loadAccounts(ada, file, asked);

const FILE = [
  "Name;Email Address;Key;Cloud Provider;Delegate;List;Test schedule;Active;Sends through",
  "Support;support@contoso.test;sup;CONTOSO;;customers;hourly;;Microsoft Graph",
  "Support Berlin;berlin@contoso.test;;contoso;alice@contoso.test;;;no",
  "Support Bonn;bonn@contoso.test;;contoso;;;;",
].join("\n");

describe("accounts of a file", () => {
  test("are created with what the form begins with, and a free key where there is none", async () => {
    const { rows, counts, importId } = await load(FILE);
    expect(counts).toEqual({ new: 3, existing: 0, repeated: 0, refused: 0 });
    expect(rows.map(({ line, key, username }) => [line, key, username])).toEqual([
      [2, "sup", "support@contoso.test"],
      [3, "SB", "alice@contoso.test"],
      [4, "SUPP", "bonn@contoso.test"],
    ]);
    const signed = { modernAuthentication: true, service: "outlook365", cloudProviderId };
    const shared = { ...signed, importId, state: "not_signed_in" };
    const inactive = { active: false, state: "inactive", testSchedule: "daily" };
    const order = { emailKey: "asc" } as const;
    expect(await db().emailAccount.findMany({ orderBy: order })).toMatchObject([
      { ...shared, name: "Support Berlin", ...inactive },
      { ...shared, name: "Support Bonn", contactListId: null },
      { ...shared, name: "Support", contactListId, testSchedule: "hourly", sendsBy: "graph" },
    ]);
    expect(await db().emailAccount.count({ where: { nextTestAt: null } })).toBe(0);
  });

  test("are found together, and told as one act", async () => {
    const { importId } = await load(FILE);
    const params = { search: "", sort: "name", direction: "asc" } as const;
    const { total } = await listEmailAccounts(ada, { ...params, importId: importId ?? "" });
    expect(total.count).toBe(3);
    const events = await db().auditEvent.findMany({ take: 3, orderBy: { id: "desc" } });
    const told = { action: "email_account.create", detail: { together: 3 } };
    expect(events).toMatchObject(Array(3).fill(told));
  });

  test("are the same in a dry run, which writes nothing", async () => {
    const events = await db().auditEvent.count();
    const dry = await load(FILE, { isDryRun: true });
    expect(dry.importId).toBeNull();
    expect(await db().emailAccount.count()).toBe(0);
    expect(await db().auditEvent.count()).toBe(events);
    expect((await load(FILE)).rows).toEqual(dry.rows);
  });

  test("are not created a second time, and it is said which account is there", async () => {
    await load(FILE);
    const again = await load(`${FILE}\nNew;new@contoso.test;;contoso;;;;`);
    expect(again.counts).toEqual({ new: 1, existing: 3, repeated: 0, refused: 0 });
    expect(again.rows[0]?.reason).toBe("“Support” (sup) has this address.");
    expect(await db().emailAccount.count()).toBe(4);
    expect(await load(FILE)).toMatchObject({ importId: null, counts: { existing: 3 } });
  });

  test("of two imports at once exist once", async () => {
    // Of other keys, so that it is the address that tells.
    const other = FILE.replace(";sup;", ";o1;")
      .replace("berlin@contoso.test;;", "berlin@contoso.test;o2;")
      .replace("bonn@contoso.test;;", "bonn@contoso.test;o3;");
    const both = await Promise.all([load(FILE), load(other)]);
    expect(both.reduce((sum, { counts }) => sum + counts.new, 0)).toBe(3);
    expect(await db().emailAccount.count()).toBe(3);
  });
});

test("what a line leaves empty is what was chosen for the file", async () => {
  const chosen = { cloudProviderId, contactListId, testSchedule: "off" } as const;
  await load("name,email\nSupport,support@contoso.test\n", chosen);
  expect(await db().emailAccount.findFirst()).toMatchObject(chosen);
});

test("a line with a password signs in with it, at the servers that it names", async () => {
  const servers = {
    imap: "mail.contoso.test",
    smtp: "mail.contoso.test:465",
    pop3: "mail.contoso.test:110",
  };
  const line = { service: "Custom", password: "open sesame", ...servers };
  const { rows } = await load(accountFile([{ name: "Fax", email: "fax@contoso.test", ...line }]), {
    cloudProviderId,
  });
  const reason =
    "IMAP mail.contoso.test:993 TLS, SMTP mail.contoso.test:465 TLS, POP3 mail.contoso.test:110 STARTTLS";
  expect(rows[0]).toMatchObject({ outcome: "new", reason });
  expect(JSON.stringify(rows)).not.toContain("sesame");
  const account = await db().emailAccount.findFirstOrThrow();
  expect(account).toMatchObject({ modernAuthentication: false, cloudProviderId: null });
  expect(account.hosts).toEqual({
    imap: { host: "mail.contoso.test", port: 993, tls: "implicit" },
    smtp: { host: "mail.contoso.test", port: 465, tls: "implicit" },
    pop3: { host: "mail.contoso.test", port: 110, tls: "starttls" },
  });
  const { id, service, hosts, username } = account;
  const place = { id, service, hosts, username, cloud: null, providerHosts: null };
  expect(await openPassword(place)).toBe("open sesame");
});

test("mailboxes of like names get keys of their own, as many as a file may have", async () => {
  const many = either({ short: 300, long: ACCOUNT_IMPORT_MAX_ROWS });
  const lines = Array.from({ length: many }, (_, index) => {
    return `Mailbox ${"ABCDEFGHIJKLMNOPQRST"[index % 20]}${index},m${index}@contoso.test`;
  });
  const { counts, rows } = await load(`name,email\n${lines.join("\n")}`, { cloudProviderId });
  expect(counts).toEqual({ new: many, existing: 0, repeated: 0, refused: 0 });
  expect(new Set(rows.map(({ key }) => key)).size).toBe(many);
  expect(await db().emailAccount.count()).toBe(many);
}, 60_000);

describe("refusals", () => {
  /** Of a line that has everything it needs but for these cells. */
  async function reasonFor(cells: AccountCells): Promise<string> {
    const all = { name: "Support", email: "support@contoso.test", provider: "Contoso", ...cells };
    const { rows } = await load(accountFile([all]), { isDryRun: true });
    return rows[0]?.reason ?? "";
  }

  test("no line: a server of one's own without POP3, which is told", async () => {
    expect(await reasonFor({ ...OWN, imap: "a.test", pop3: "" })).toBe(
      "IMAP a.test:993 TLS, SMTP a.test:587 STARTTLS, no POP3 server",
    );
  });

  const OWN = { service: "custom", provider: "", password: "x", smtp: "a.test", pop3: "a.test" };

  describe("a line is refused, with the column and the reason, for", () => {
    test.each<[string, AccountCells, string]>([
      ["no name", { name: "" }, "name: Enter a name. key: Enter a key."],
      ["an unknown service", { service: "Hotmail" }, "service: Enter one of Outlook365, "],
      ["provider unknown", { provider: "Contso" }, "There is no cloud provider “Contso”."],
      ["another service", { service: "gmail" }, "provider: This cloud provider belongs to"],
      ["beside a password", { password: "x" }, "provider: This account signs in with"],
      ["an unknown list", { list: "VIP" }, "list: There is no list “VIP”."],
      ["neither yes nor no", { active: "maybe" }, "active: Enter yes or no."],
      ["another way to send", { sending: "fax" }, "sending: Enter smtp or graph."],
      ["Graph elsewhere", { ...OWN, sending: "graph" }, "sending: Only accounts of Outlook365"],
      ["user and delegate", { username: "a@b.test", delegate: "c@d.test" }, "not both."],
      ["preset servers", { imap: "mail.x.test" }, "imap: Only Custom accounts have"],
      ["no server", { ...OWN, smtp: "", pop3: "" }, "imap: Enter the host of at least one of"],
      ["the inside", { ...OWN, imap: "10.0.0.1" }, "imap: This is an address inside the network."],
    ])("%s", async (_what, cells, reason) => {
      expect(await reasonFor(cells)).toContain(reason);
    });

    test.each(ODD_CELLS)("the cell “%s”, in whatever column, in words of ours", async (cell) => {
      for (const column of ACCOUNT_COLUMNS) expectOwnWords(await reasonFor({ [column]: cell }));
    });

    test("a key that is taken, by an account or by a line before it", async () => {
      const line = { provider: "Contoso" };
      const sup = { name: "Support", email: "support@contoso.test", key: "sup" };
      await load(accountFile([{ ...line, ...sup }]));
      const { rows } = await load(
        accountFile([
          { ...line, name: "One", email: "one@contoso.test", key: "SUP" },
          { ...line, name: "Two", email: "two@contoso.test", key: "new" },
          { ...line, name: "Three", email: "three@contoso.test", key: "NEW" },
          { ...line, name: "Four", email: "TWO@contoso.test" },
        ]),
        { isDryRun: true },
      );
      expect(rows.map(({ outcome, reason }) => [outcome, reason])).toEqual([
        ["refused", "key: “Support” already has this key."],
        ["new", ""],
        ["refused", "key: Line 3 has this key."],
        ["repeated", "Repeats line 3."],
      ]);
    });
  });

  test.each([
    ["a column that there is not", "name,email,phone\n", /no column “phone”/],
    ["no addresses", "name,key\nA,B\n", /one of them “email”/],
    ["two columns of addresses", "name,email,address\n", /Several columns are for email/],
    ["too many lines", `name,email\n${"a,b\n".repeat(ACCOUNT_IMPORT_MAX_ROWS + 1)}`, /2,000 lines/],
    ["nothing", "", /empty/],
  ])("a file with %s is refused as a whole", async (_what, file, message) => {
    await expect(load(file)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(message),
    });
  });

  test("a file with more than it may have is refused as a whole", async () => {
    const long = load("x".repeat(ACCOUNT_IMPORT_MAX_BYTES + 1));
    await expect(long).rejects.toMatchObject({ code: "payload_too_large" });
  });
});
