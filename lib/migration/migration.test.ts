import { beforeAll, describe, expect, test } from "vitest";
import { createEmailAccount } from "@/lib/email-accounts/mutations";
import { listParamsSchema } from "@/lib/kernel/paging/schema";
import { mailHouse, SERVICES } from "@/lib/mail/houses/schema";
import { administrator } from "@/lib/testing/actors";
import { withInstallation } from "@/lib/testing/sandbox";
import { accountForm, connectedAccount } from "@/lib/testing/sign-in";
import { exportMigration } from "./export";
import { getMigrationProgress, listPasswordAccounts } from "./queries";
import { MIGRATION_SORTS } from "./schema";

const sandbox = withInstallation();
const ada = administrator();
const params = (query = {}) => listParamsSchema(MIGRATION_SORTS).parse(query);

beforeAll(async () => {
  await connectedAccount(ada, sandbox());
  const withPassword = { modernAuthentication: false, password: "not-asked-for" };
  await createEmailAccount(ada, accountForm({ ...withPassword, name: "Orders" }));
  await createEmailAccount(
    ada,
    accountForm({ ...withPassword, name: "=HYPERLINK(1)", service: "gmail" }),
  );
});

describe("accounts with a password", () => {
  test("are listed, and those without are not", async () => {
    const { rows } = await listPasswordAccounts(ada, params());
    expect(rows.map(({ name }) => name).sort()).toEqual(["=HYPERLINK(1)", "Orders"]);
    expect(await getMigrationProgress(ada)).toEqual({ modern: 1, password: 2 });
  });

  test("are exported with what happens on which day, and no formula runs", async () => {
    const chunks: string[] = [];
    for await (const chunk of exportMigration(ada)) chunks.push(chunk);
    const lines = chunks.join("").trimEnd().split("\r\n");
    expect(lines).toHaveLength(1 + 2 + 1);
    expect(
      lines.filter((line) => line.includes("Orders") && line.includes("2026-12-31")),
    ).toHaveLength(1);
    expect(lines.some((line) => line.startsWith(`"'=HYPERLINK`))).toBe(true);
    expect(lines.every((line) => /^"[^=]/.test(line))).toBe(true);
  });
});

test("each service says what becomes of all three protocols, with a day or without one", () => {
  for (const service of SERVICES) {
    const ends = mailHouse(service).passwordEnds;
    expect(ends.flatMap(({ protocols }) => protocols).sort()).toEqual(["imap", "pop3", "smtp"]);
    for (const { day, source, state } of ends) {
      if (day !== null) expect(new Date(day).toISOString().slice(0, 10)).toBe(day);
      if (state !== "unknown") expect(source).toMatch(/^https:\/\//);
    }
  }
});
