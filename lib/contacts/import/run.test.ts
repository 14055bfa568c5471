import { beforeEach, describe, expect, test } from "vitest";
import { createContactList } from "@/lib/contacts/lists/mutations";
import { db } from "@/lib/kernel/db";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { either } from "@/lib/testing/long";
import { exportContacts } from "../export";
import { createContact } from "../mutations";
import { importContacts } from "./run";
import { IMPORT_MAX_ROWS } from "./schema";

withDatabase();
const ada = administrator();
let customers: string;

beforeEach(async () => {
  await db().contactList.deleteMany();
  customers = (await createContactList(ada, { name: "Customers" })).id;
});

type File = string | Buffer;

const load = (file: File, isDryRun = false) =>
  importContacts(ada, { contactListId: customers, isDryRun, file: Buffer.from(file) });
const stored = async () =>
  (await db().contact.findMany({ orderBy: { emailKey: "asc" } })).map(
    ({ email, name }) => `${name} <${email}>`,
  );

const MIXED = [
  "Email,Name",
  "bob@fabrikam.example,Bob",
  "known@fabrikam.example,Known",
  "not an address,Eve",
  "BOB@Fabrikam.example,Robert",
  'zoe@fabrikam.example,"Zoë, of ""Fabrikam"""',
  "",
].join("\r\n");

describe("a file", () => {
  test("is reported line by line, and nothing is written in a dry run", async () => {
    const known = "known@fabrikam.example";
    await createContact(ada, { contactListId: customers, name: "", email: known });
    const events = await db().auditEvent.count();
    const report = await load(MIXED, true);
    expect(report).toMatchObject({
      isDryRun: true,
      encoding: "utf-8",
      counts: { new: 2, existing: 1, repeated: 1, refused: 1 },
    });
    expect(report.rows.map(({ line, outcome, reason }) => [line, outcome, reason])).toEqual([
      [2, "new", ""],
      [3, "existing", "Already in the list “Customers”."],
      [4, "refused", expect.stringContaining("exactly one @")],
      [5, "repeated", "Repeats line 2."],
      [6, "new", ""],
    ]);
    expect(await stored()).toEqual([` <${known}>`]);
    expect(await db().auditEvent.count()).toBe(events);
  });

  test("is imported as the dry run said, and a second time changes nothing", async () => {
    const dry = await load(MIXED, true);
    const report = await load(MIXED);
    expect(report.rows).toEqual(dry.rows);
    expect(await stored()).toEqual([
      "Bob <bob@fabrikam.example>",
      "Known <known@fabrikam.example>",
      'Zoë, of "Fabrikam" <zoe@fabrikam.example>',
    ]);
    const [event] = await db().auditEvent.findMany({ orderBy: { id: "desc" }, take: 1 });
    expect(event).toMatchObject({ action: "contact_list.import", detail: { contacts: 3 } });
    expect((await load(MIXED)).counts).toEqual({ new: 0, existing: 3, repeated: 1, refused: 1 });
  });

  test.each([
    ["UTF-8 with a mark", "utf-8", Buffer.from("\ufeffemail,name\nzoe@x.example,Zoë\n")],
    ["UTF-16, big end first", "utf-16be", utf16("email,name\nzoe@x.example,Zoë\n").swap16()],
    ["UTF-16 without a mark", "utf-16le", utf16("email,name\nzoe@x.example,Zoë\n").subarray(2)],
    ["ANSI", "windows-1252", Buffer.from("email,name\nzoe@x.example,Zo\xeb\n", "latin1")],
    ["semicolons", "utf-8", "email;name\nzoe@x.example;Zoë\n"],
    ["old line ends", "utf-8", "email,name\rzoe@x.example,Zoë\r"],
    ["first and last names", "utf-8", "First Name,Last Name,E-mail Address\nZoë,,zoe@x.example\n"],
  ])("may be written in %s", async (_what, encoding, file) => {
    expect(await load(file)).toMatchObject({ encoding, counts: { new: 1 } });
    expect(await stored()).toEqual(["Zoë <zoe@x.example>"]);
  });

  test.each([
    ["nothing", "", /empty/],
    ["no column with addresses", "name,phone\nBob,1\n", /one of them “email”. It is “name, phone”/],
    ["a quotation mark that is not closed", 'email\n"bob@x.example\n', /not closed/],
    ["a line without an end", `email\n${"x".repeat(200_000)}\n`, /cannot be read/],
    ["too many lines", `email\n${"x\n".repeat(IMPORT_MAX_ROWS + 1)}`, /50,000 lines/],
  ])("of %s is refused as a whole, with the reason", async (_what, file, message) => {
    await expect(load(file)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(message),
    });
    expect(await stored()).toEqual([]);
  });

  test("that is too large is not even read", async () => {
    await expect(load(Buffer.alloc(IMPORT_MAX_BYTES + 1))).rejects.toMatchObject({
      code: "payload_too_large",
    });
  });

  test("for a list that is gone imports nothing", async () => {
    const input = { contactListId: ada.id, isDryRun: false, file: Buffer.from(MIXED) };
    await expect(importContacts(ada, input)).rejects.toMatchObject({ code: "not_found" });
    expect(await stored()).toEqual([]);
  });

  test("of hostile names is refused by the line", async () => {
    const report = await load(
      "email,name\na@x.example,\u202eevil\nb@x.example,a\u0000b\nc@x.example,ok\n",
    );
    expect(report.counts).toEqual({ new: 1, existing: 0, repeated: 0, refused: 2 });
  });

  test("of thousands of lines is imported whole", async () => {
    const many = either({ short: 3_000, long: 20_000 });
    const lines = Array.from({ length: many }, (_, index) => `c${index}@x.example,C ${index}`);
    const report = await load(["email,name", ...lines].join("\n"));
    expect(report.counts.new).toBe(many);
    expect(await db().contact.count()).toBe(many);
  });
});

test("others have their turns while a file is read", async () => {
  let turns = 0;
  let isRead = false;
  const count = () => {
    turns += 1;
    if (!isRead) setImmediate(count);
  };
  count();
  // Refused at its end: nothing is asked of the database, during which others have their turns anyway.
  const file = `email\n${"no address\n".repeat(20_000)}"`;
  await expect(load(file, true)).rejects.toMatchObject({ code: "unprocessable" });
  isRead = true;
  expect(turns).toBeGreaterThan(3);
});

test("two files with the same addresses at once are both imported, each address once", async () => {
  const lines = Array.from({ length: 500 }, (_, index) => `c${index}@x.example`);
  const reports = await Promise.all([
    load(["email", ...lines].join("\n")),
    load(["email", ...lines.toReversed()].join("\n")),
  ]);
  expect(reports.reduce((sum, { counts }) => sum + counts.new, 0)).toBe(500);
});

test("what was exported is imported as it was", async () => {
  const names = ["=cmd|' /C calc'!A0", "+1 (555)", 'Zoë; "O\'Hara"', "@home", ""];
  for (const [index, name] of names.entries())
    await createContact(ada, { contactListId: customers, name, email: `c${index}@x.example` });
  const before = await stored();
  let file = "";
  const input = { filter: { search: "" }, format: "csv" } as const;
  for await (const piece of exportContacts(ada, input)) file += piece;
  expect(file).toContain(csvLine(["c0@x.example", names[0] ?? "", "Customers", "", "", ""]));
  expect(file).toContain("'=cmd");
  await db().contact.deleteMany();
  await load(file);
  expect(await stored()).toEqual(before);
});

function utf16(text: string): Buffer {
  return Buffer.from(`\ufeff${text}`, "utf16le");
}
