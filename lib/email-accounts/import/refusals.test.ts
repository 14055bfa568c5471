import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { db } from "@/lib/kernel/db";
import { type AccountCells, accountFile, loadAccounts } from "@/lib/testing/account-file";
import { administrator } from "@/lib/testing/actors";
import { withDatabase } from "@/lib/testing/database";
import { expectOwnWords, ODD_CELLS } from "@/lib/testing/odd-cells";
import { seedProvider } from "@/lib/testing/outage";
import { ACCOUNT_COLUMNS, ACCOUNT_IMPORT_MAX_BYTES, ACCOUNT_IMPORT_MAX_ROWS } from "./schema";

withDatabase();
const ada = administrator();

beforeAll(async () => {
  const id = await seedProvider({ accounts: 0, name: "Contoso" });
  await db().cloudProvider.update({ where: { id }, data: { nameKey: "contoso" } });
});

beforeEach(async () => {
  await db().emailAccount.deleteMany();
});

const load = (file: string, asked?: Parameters<typeof loadAccounts>[2]) =>
  loadAccounts(ada, file, asked);

/** Of a line that has everything it needs but for these cells. */
async function reasonFor(cells: AccountCells): Promise<string> {
  const all = { name: "Support", email: "support@contoso.test", provider: "Contoso", ...cells };
  const { rows } = await load(accountFile([all]), { isDryRun: true });
  return rows[0]?.reason ?? "";
}

describe("a line is refused, with the column and the reason, for", () => {
  test.each<[string, AccountCells, string]>([
    ["no name", { name: "" }, "name: Enter a name. key: Enter a key."],
    ["no address", { email: "" }, "email: Enter an email address."],
    ["a long key", { key: "LONGER" }, "key: Use at most 5 characters."],
    ["an unknown service", { service: "Hotmail" }, "service: Enter one of Outlook365, "],
    [
      "an unknown provider",
      { provider: "Contso" },
      "provider: There is no cloud provider “Contso”.",
    ],
    [
      "no provider",
      { provider: "" },
      "provider: Choose the cloud provider that signs this mailbox in.",
    ],
    [
      "another service's provider",
      { service: "gmail" },
      "provider: This cloud provider belongs to another service.",
    ],
    [
      "a provider beside a password",
      { password: "x" },
      "provider: This account signs in with a password.",
    ],
    ["an unknown list", { list: "VIP" }, "list: There is no list “VIP”."],
    ["an unknown schedule", { schedule: "weekly" }, "schedule: Enter one of off, hourly, daily."],
    ["neither yes nor no", { active: "maybe" }, "active: Enter yes or no."],
    [
      "a user name and a delegate",
      { username: "a@b.test", delegate: "c@d.test" },
      "delegate: Enter a user name or a delegate, not both.",
    ],
    [
      "servers of a service that has its own",
      { imap: "mail.x.test" },
      "imap: Only Custom accounts have servers of their own.",
    ],
    [
      "no servers",
      { service: "custom", provider: "", password: "x" },
      "imap: Enter the host. smtp: Enter the host. pop3: Enter the host.",
    ],
    [
      "a server inside the network",
      {
        service: "custom",
        provider: "",
        password: "x",
        imap: "10.0.0.1",
        smtp: "a.test",
        pop3: "a.test",
      },
      "imap: This is an address inside the network.",
    ],
  ])("%s", async (_what, cells, reason) => {
    expect(await reasonFor(cells)).toContain(reason);
  });

  test.each(ODD_CELLS)("the cell “%s”, in whatever column, in words of ours", async (cell) => {
    for (const column of ACCOUNT_COLUMNS) expectOwnWords(await reasonFor({ [column]: cell }));
  });

  test("all that is wrong in it at once", async () => {
    expect(await reasonFor({ key: "LONGER", list: "VIP", schedule: "weekly" })).toBe(
      "list: There is no list “VIP”. schedule: Enter one of off, hourly, daily. key: Use at most 5 characters.",
    );
  });

  test("a key that is taken, by an account or by a line before it", async () => {
    await load(
      accountFile([
        { name: "Support", email: "support@contoso.test", key: "sup", provider: "Contoso" },
      ]),
    );
    const line = { provider: "Contoso" };
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
      ["existing", "The same address as in line 3."],
    ]);
  });
});

describe("a file is refused as a whole with", () => {
  test.each([
    [
      "a column that there is not",
      "name,email,phone\n",
      /no column “phone”. The columns are name, email,/,
    ],
    ["no addresses", "name,key\nA,B\n", /one of them “email”/],
    [
      "two columns of addresses",
      "name,email,address\n",
      /Several columns are for email: “email” and “address”/,
    ],
    ["too many lines", `name,email\n${"a,b\n".repeat(ACCOUNT_IMPORT_MAX_ROWS + 1)}`, /2,000 lines/],
    ["nothing", "", /empty/],
  ])("%s", async (_what, file, message) => {
    await expect(load(file)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringMatching(message),
    });
  });

  test("more than it may have", async () => {
    await expect(load("x".repeat(ACCOUNT_IMPORT_MAX_BYTES + 1))).rejects.toMatchObject({
      code: "payload_too_large",
      message: "A file can have up to 1 MB.",
    });
  });
});
