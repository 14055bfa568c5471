import type { Page } from "@playwright/test";
import { query } from "./database";
import { choose, expect, test } from "./installation";

const PROVIDER = "Import tenant";
const LIST = "Import list";

test.beforeAll(async () => {
  await query(`INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
    VALUES (gen_random_uuid(), '${PROVIDER}', lower('${PROVIDER}'), 'x', 'x', 'https://x.test/')`);
  await query(`INSERT INTO "ContactList" (id, name, "nameKey")
    VALUES (gen_random_uuid(), '${LIST}', lower('${LIST}'))`);
});

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE "emailKey" LIKE '%@import.test'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = '${PROVIDER}'`);
  await query(`DELETE FROM "ContactList" WHERE name = '${LIST}'`);
});

const added = () =>
  query(`SELECT name, key FROM "EmailAccount" WHERE "emailKey" LIKE '%@import.test' ORDER BY name`);

async function chooseFile(page: Page, lines: readonly string[]): Promise<void> {
  await page.getByLabel("File").setInputFiles({
    name: "accounts.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(lines.join("\n")),
  });
  await page.getByRole("button", { name: "Check the file" }).click();
}

test("sixty accounts come from one file: checked, corrected, added, and given links", async ({
  page,
}) => {
  await page.goto("/email/accounts");
  await page.getByRole("link", { name: "Import" }).click();
  await choose(page.getByRole("combobox", { name: "Cloud Provider" }), PROVIDER);

  const lines = Array.from({ length: 60 }, (_, n) => `Import ${n},m${n}@import.test,,`);
  const wrong = [
    "Shared,shared@import.test,alice@import.test,",
    "Wrong,wrong@import.test,,Nowhere",
  ];
  const header = "name,email,delegate,list";
  await chooseFile(page, [header, ...lines, ...wrong]);
  await expect(page.getByText("Nothing has been added yet.", { exact: false })).toBeVisible();
  await expect(page.getByRole("row", { name: "Wrong" })).toContainText(
    "list: There is no list “Nowhere”.",
  );
  await expect(page.getByRole("row", { name: "Wrong" })).toContainText("63");
  expect(await added()).toEqual([]);

  await chooseFile(page, [header, ...lines, wrong[0] ?? "", `Right,wrong@import.test,,${LIST}`]);
  await page.getByRole("button", { name: "Refused: 0" }).waitFor();
  await page.getByRole("button", { name: "Add 62 accounts" }).click();
  await expect(page.getByText("62 accounts were added.")).toBeVisible();
  const accounts = await added();
  expect(accounts).toHaveLength(62);
  expect(new Set(accounts.map(({ key }) => key)).size).toBe(62);

  await expect(
    page.getByText("62 people still have to sign in for these accounts", { exact: false }),
  ).toBeVisible();
  await page.getByRole("button", { name: "Create 62 links" }).click();
  await page
    .getByRole("dialog", { name: "62 sign-in links" })
    .getByRole("button", { name: "Done" })
    .click();
  await page.getByRole("link", { name: "Show them" }).click();
  await expect(page.getByText("1–25 of 62 accounts")).toBeVisible();
  await expect(page.getByRole("link", { name: "From one import" })).toBeVisible();
});
