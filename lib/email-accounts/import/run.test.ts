import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { db } from "@/lib/kernel/db";
import { accountFile, loadAccounts } from "@/lib/testing/account-file";
import { administrator, program } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { seedProvider } from "@/lib/testing/outage";
import { listEmailAccounts } from "../queries";
import { openPassword } from "../store";
import { ACCOUNT_IMPORT_MAX_ROWS } from "./schema";

withDatabase();
const ada = administrator();
let cloudProviderId: string;
let contactListId: string;

beforeAll(async () => {
  cloudProviderId = await seedProvider({ accounts: 0, name: "Contoso" });
  await db().cloudProvider.update({
    where: { id: cloudProviderId },
    data: { nameKey: "contoso" },
  });
  contactListId = (await createContactList(ada, { name: "Customers" })).id;
});

beforeEach(async () => {
  await db().emailAccount.deleteMany();
});

const load = (file: string, asked?: Parameters<typeof loadAccounts>[2]) =>
  loadAccounts(ada, file, asked);

const FILE = [
  "Name;Email Address;Key;Cloud Provider;Delegate;List;Test schedule;Active",
  "Support;support@contoso.test;sup;CONTOSO;;customers;hourly;",
  "Support Berlin;berlin@contoso.test;;contoso;alice@contoso.test;;;no",
  "Support Bonn;bonn@contoso.test;;contoso;;;;",
].join("\n");

describe("accounts of a file", () => {
  test("are created with what the form begins with, and a free key where there is none", async () => {
    const { rows, counts, importId } = await load(FILE);
    expect(counts).toEqual({ new: 3, existing: 0, refused: 0 });
    expect(rows.map(({ line, key, username }) => [line, key, username])).toEqual([
      [2, "sup", "support@contoso.test"],
      [3, "SB", "alice@contoso.test"],
      [4, "SUPP", "bonn@contoso.test"],
    ]);
    const shared = {
      modernAuthentication: true,
      service: "outlook365",
      cloudProviderId,
      importId,
      state: "not_signed_in",
    };
    const order = { emailKey: "asc" } as const;
    expect(await db().emailAccount.findMany({ orderBy: order })).toMatchObject([
      {
        ...shared,
        name: "Support Berlin",
        active: false,
        state: "inactive",
        testSchedule: "daily",
      },
      { ...shared, name: "Support Bonn", contactListId: null },
      { ...shared, name: "Support", contactListId, testSchedule: "hourly" },
    ]);
    expect(await db().emailAccount.count({ where: { nextTestAt: null } })).toBe(0);
  });

  test("are found together, and told as one act", async () => {
    const { importId } = await load(FILE);
    await load(accountFile([{ name: "Other", email: "other@contoso.test", provider: "Contoso" }]));
    const params = { search: "", sort: "name", direction: "asc" } as const;
    const { total } = await listEmailAccounts(ada, { ...params, importId: importId ?? "" });
    expect(total.count).toBe(3);
    const [other, ...events] = await db().auditEvent.findMany({ take: 4, orderBy: { id: "desc" } });
    expect(other).toMatchObject({ objectName: "Other", detail: {} });
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
    expect(again.counts).toEqual({ new: 1, existing: 3, refused: 0 });
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

  test("are for those who may add accounts", async () => {
    const reader = program("accounts:read");
    await expect(loadAccounts(reader, FILE, { isDryRun: true })).rejects.toMatchObject({
      code: "access_denied",
    });
  });
});

describe("what a line leaves empty", () => {
  test("is what was chosen for the file", async () => {
    const testSchedule = "off" as const;
    await load("name,email\nSupport,support@contoso.test\n", {
      cloudProviderId,
      contactListId,
      testSchedule,
    });
    expect(await db().emailAccount.findFirst()).toMatchObject({
      cloudProviderId,
      contactListId,
      testSchedule,
    });
  });

  test("is no provider that was deleted", async () => {
    const chosen = { cloudProviderId: ada.id, isDryRun: true };
    await expect(load(FILE, chosen)).rejects.toMatchObject({
      fields: { cloudProviderId: [expect.stringContaining("no longer exists")] },
    });
  });
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
  expect(rows[0]).toMatchObject({ outcome: "new" });
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

test("two thousand mailboxes of like names get keys of their own", async () => {
  const lines = Array.from({ length: ACCOUNT_IMPORT_MAX_ROWS }, (_, index) => {
    return `Mailbox ${"ABCDEFGHIJKLMNOPQRST"[index % 20]}${index},m${index}@contoso.test`;
  });
  const { counts, rows } = await load(`name,email\n${lines.join("\n")}`, { cloudProviderId });
  expect(counts).toEqual({ new: ACCOUNT_IMPORT_MAX_ROWS, existing: 0, refused: 0 });
  expect(new Set(rows.map(({ key }) => key)).size).toBe(ACCOUNT_IMPORT_MAX_ROWS);
  expect(await db().emailAccount.count()).toBe(ACCOUNT_IMPORT_MAX_ROWS);
}, 60_000);
