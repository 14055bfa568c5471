import type { Page } from "@playwright/test";
import { query } from "./database";
import { expect, test } from "./installation";

const MANY = 600;
const LAST = "Tenant 0599";

/** Of the choice that is open; those of a select are in none. */
const optionsOf = (page: Page) => page.getByRole("listbox").getByRole("option");
const providerOf = (page: Page) => page.getByRole("combobox", { name: "Cloud Provider" });

test.beforeAll(async () => {
  await query(
    `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri", cloud)
     SELECT gen_random_uuid(), name, lower(name), gen_random_uuid(), gen_random_uuid(), '', 'sandbox'
     FROM (SELECT 'Tenant ' || lpad(n::text, 4, '0') AS name FROM generate_series(0, $1::int) n) AS named`,
    [MANY - 1],
  );
});

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name = 'Chosen'`);
  await query(`DELETE FROM "CloudProvider" WHERE "nameKey" LIKE 'tenant %'`);
});

test("the last of 600 providers is found by typing, chosen, saved and shown again", async ({
  page,
}) => {
  await page.goto("/email/accounts/new");
  const field = providerOf(page);
  await field.click();
  await expect(optionsOf(page)).toHaveCount(50);
  await expect(page.getByRole("option", { name: LAST })).toHaveCount(0);
  await field.fill("tenant 0599");
  await page.getByRole("option", { name: LAST }).click();
  await expect(field).toHaveValue(LAST);
  await expect(optionsOf(page)).toHaveCount(0);

  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Chosen");
  await page.getByRole("textbox", { name: "Key" }).fill("CHO");
  await page.getByRole("textbox", { name: "Email Address" }).fill("chosen@contoso.test");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("heading", { name: "Chosen", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Actions for Chosen" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await expect(page.getByRole("heading", { name: "Edit Chosen" })).toBeVisible();
  await expect(field).toHaveValue(LAST);
});

test("the keys alone choose: typing, Enter, and Escape takes back what was typed", async ({
  page,
}) => {
  await page.goto("/email/accounts/new");
  const field = providerOf(page);
  await field.focus();
  await page.keyboard.type("0511");
  await expect(optionsOf(page)).toHaveText(["Tenant 0511"]);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Tenant 0511");
  // Faster than the answer.
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("0512");
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Tenant 0512");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("nothing like it");
  await expect(page.getByText("Nothing matches", { exact: false })).toBeVisible();
  // There is nothing to take, and the form is not meant.
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/new$/);
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("Tenant 0512");
});
