import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Client } from "pg";
import { expect, installation, signIn, test } from "./installation";

const COUNT = 60;
const LIST = "/email/accounts?search=fleet";

async function query(sql: string) {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

test.beforeAll(async () => {
  await query(
    `INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), 'Fleet list', 'fleet list')`,
  );
  await query(`INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service,
      "modernAuthentication", username, "usernameKey")
    SELECT gen_random_uuid(), 'Fleet ' || n, 'fleet ' || lpad(n::text, 3, '0'), 'F' || n, 'fleet-' || n,
      'fleet' || n || '@contoso.test', 'fleet' || n || '@contoso.test', 'outlook365', TRUE, 'fleet' || n, 'fleet' || n
    FROM generate_series(1, ${COUNT}) n`);
});

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Fleet %'`);
  await query(`DELETE FROM "ContactList" WHERE name = 'Fleet list'`);
});

const states = () =>
  query(
    `SELECT state, count(*)::int AS count FROM "EmailAccount" WHERE name LIKE 'Fleet %' GROUP BY 1 ORDER BY 1`,
  );

/** Of a menu that loads when it is opened. */
async function choose(page: Page, wish: string): Promise<void> {
  await page.getByRole("button", { name: /^Change \(/ }).click();
  await page.getByRole("menuitem", { name: wish }).click();
}

test("accounts that were ticked stay selected on other pages, and are named before they change", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select Fleet 1", { exact: true }).check();
  await page.getByLabel("Select Fleet 2", { exact: true }).check();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText("26–50 of 60 accounts")).toBeVisible();
  await expect(page.getByText("2 selected are not on this page.")).toBeVisible();
  await choose(page, "Deactivate …");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Fleet 1, Fleet 2.");
  await dialog.getByRole("button", { name: "Deactivate (2)" }).click();
  await expect(page.getByText("Changed 2 accounts.")).toBeVisible();
  expect(await states()).toEqual([
    { state: "inactive", count: 2 },
    { state: "no_provider", count: COUNT - 2 },
  ]);
});

test("all that a list shows get a List, from whatever page", async ({ page }) => {
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: `Select all ${COUNT}` }).click();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("button", { name: `Change (${COUNT})` })).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await choose(page, "Set List …");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: /^Set List/ })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "List" }).fill("fleet li");
  await page.getByRole("option", { name: "Fleet list" }).click();
  await dialog.getByRole("button", { name: `Set List (${COUNT})` }).click();
  await expect(page.getByText(`Changed ${COUNT} accounts.`)).toBeVisible();
  const [row] = await query(`SELECT count(*)::int AS count FROM "EmailAccount" e
    JOIN "ContactList" l ON l.id = e."contactListId" WHERE l.name = 'Fleet list'`);
  expect(row).toEqual({ count: COUNT });
});

test("a view is an address, and what an address does not know is said", async ({ page }) => {
  await signIn(page);
  await page.goto(`${LIST}&view=inactive&service=telegraph`);
  await expect(page.getByText("service=telegraph was left out.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Inactive/ })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await page.getByRole("link", { name: /^Inactive/ }).click();
  await expect(page).not.toHaveURL(/view=/);
});
