import { beforeAll, beforeEach, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { db } from "@/lib/kernel/db";
import { csvLine } from "@/lib/kernel/text/write-csv";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { expectOwnWords, ODD_CELLS } from "@/lib/testing/odd-cells";
import { ALICE, accountForm } from "@/lib/testing/sign-in";
import { authenticateDevice } from "../authenticate";
import { importDevices } from "./run";
import { DEVICE_COLUMNS } from "./schema";

withDatabase();
const ada = administrator();

beforeAll(async () => {
  const form = { modernAuthentication: false, password: "p", key: "SCAN" };
  await createEmailAccount(ada, accountForm(form));
});

beforeEach(() => db().device.deleteMany());

const run = (lines: string[], isDryRun = false) =>
  importDevices(ada, { isDryRun, file: Buffer.from(lines.join("\n")) });

const FILE = [
  "Name;Account;Protocols;Allowed senders;Rewrite From;Networks;Messages per minute;Expires on",
  `Scanner 1;scan;;;;;;`,
  `Scanner 2;${ALICE};smtp, imap;a@contoso.test b@contoso.test;Yes;10.0.0.0/8;5;2999-12-31`,
];

test("devices of a file are created, each with a password of its own that works", async () => {
  const { rows, counts } = await run(FILE);
  expect(counts).toEqual({ new: 2, existing: 0, repeated: 0, refused: 0 });
  expect(rows.map(({ line, name, account }) => [line, name, account])).toEqual([
    [2, "Scanner 1", ALICE],
    [3, "Scanner 2", ALICE],
  ]);
  const [first, second] = rows;
  expect(first?.password).not.toBe(second?.password);
  for (const { name: user, password } of rows) {
    const presented = { user, password: password ?? "", address: "10.1.2.3" };
    const signedIn = await authenticateDevice({ ...presented, protocol: "smtp" });
    expect(signedIn).toMatchObject({ outcome: "ok" });
  }
  expect(await db().device.findFirst({ where: { name: "Scanner 2" } })).toMatchObject({
    protocols: ["imap", "smtp"],
    senders: ["a@contoso.test", "b@contoso.test"],
    rewriteFrom: true,
    networks: ["10.0.0.0/8"],
    messagesPerMinute: 5,
  });
});

test("a dry run creates nothing and shows no password, and the same file again creates nothing again", async () => {
  const tried = await run(FILE, true);
  expect(tried.rows.map(({ password }) => password)).toEqual([null, null]);
  expect(await db().device.count()).toBe(0);
  const twice = (await run([...FILE, ...FILE.slice(1)], true)).counts;
  expect(twice).toEqual({ new: 2, existing: 0, repeated: 2, refused: 0 });
  await run(FILE);
  const { counts } = await run([...FILE, "SCANNER 1,scan"]);
  expect(counts).toEqual({ new: 0, existing: 2, repeated: 0, refused: 1 });
});

test.each([
  ["X,nobody@contoso.test", /No email account/],
  [",scan", /name: Enter a name/],
  ["X,scan,ftp", /^protocols: Enter one of imap, smtp, pop3\.$/],
  ["X,scan,,not-an-address", /senders: /],
  ["X,scan,,,10.0.0.0\\/99", /networks: /],
  ["X,scan,,,,many", /messagesPerMinute: Enter a number/],
  ["X,scan,,,,,2020-01-01", /This day has passed/],
  ["X,scan,,,,,,perhaps", /rewriteFrom: Choose yes or no/],
])("the line %s is refused with its reason, and the others are created", async (line, reason) => {
  const header = "name,account,protocols,senders,networks,messagesPerMinute,expiresOn,rewriteFrom";
  const { rows, counts } = await run([header, line, "Right,scan"]);
  expect(counts).toEqual({ new: 1, existing: 0, repeated: 0, refused: 1 });
  expect(rows[0]?.reason).toMatch(reason);
});

test.each(ODD_CELLS)("the cell “%s” is refused in words of ours, in any column", async (cell) => {
  for (const column of DEVICE_COLUMNS) {
    const cells = { name: "X", account: "scan", [column]: cell };
    const lines = [Object.keys(cells).join(","), csvLine(Object.values(cells)).trim()];
    expectOwnWords((await run(lines)).rows[0]?.reason);
  }
});

test.each([
  ["", /empty/],
  ["name,protocols\nX,smtp", /account/],
  ["name,account,mesages\nX,scan", /no column “mesages”/],
  [`name,account\n${"X,scan\n".repeat(501)}`, /500 lines/],
  ['name,account\n"X', /quotation mark/],
])("a file that is none is refused as a whole", async (text, reason) => {
  await expect(
    importDevices(ada, { isDryRun: false, file: Buffer.from(text) }),
  ).rejects.toMatchObject({ code: "unprocessable", message: expect.stringMatching(reason) });
  expect(await db().device.count()).toBe(0);
});

test("a file that is sent several times at once creates each device once", async () => {
  const sent = await Promise.all(
    Array.from({ length: 4 }, () => run(["name,account", "Race 1,scan", "Race 2,scan"])),
  );
  expect(sent.reduce((count, { counts }) => count + counts.new, 0)).toBe(2);
  expect(await db().device.count({ where: { name: { startsWith: "Race " } } })).toBe(2);
});
