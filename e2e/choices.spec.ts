import type { Page } from "@playwright/test";
import pg from "pg";
import { choose, expect, installation, signIn, test } from "./installation";
import { holdScripts } from "./ready";

test.describe.configure({ mode: "serial" });

const MANY = 600;
const LAST = "Tenant 0599";

async function query(statement: string, values: unknown[] = []): Promise<void> {
  const client = new pg.Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    await client.query(statement, values);
  } finally {
    await client.end();
  }
}

/** Of the choice that is open; those of a select are in none. */
const optionsOf = (page: Page) => page.getByRole("listbox").getByRole("option");

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
  await signIn(page);
  await page.goto("/email/accounts/new");
  const field = page.getByRole("combobox", { name: "Cloud Provider" });
  await field.click();
  await expect(page.getByText("Showing the first 50. Type to find more.")).toBeVisible();
  await expect(page.getByRole("option", { name: LAST })).toHaveCount(0);
  await field.fill("tenant 05");
  await expect(page.getByRole("option", { name: "Tenant 0549" })).toBeVisible();
  await field.fill("tenant 0599");
  await page.getByRole("option", { name: LAST }).click();
  await expect(field).toHaveValue(LAST);
  await expect(optionsOf(page)).toHaveCount(0);

  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Chosen");
  await page.getByRole("textbox", { name: "Key" }).fill("CHO");
  await page.getByRole("textbox", { name: "Email Address" }).fill("alice@contoso.test");
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
  await signIn(page);
  await page.goto("/email/accounts/new");
  const field = page.getByRole("combobox", { name: "Cloud Provider" });
  await field.focus();
  await page.keyboard.type("0511");
  await expect(optionsOf(page)).toHaveText(["Tenant 0511"]);
  await expect(page.getByRole("status").filter({ hasText: "1 found" })).toHaveCount(1);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Tenant 0511");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("nothing like it");
  await expect(page.getByText("Nothing matches “nothing like it”.")).toBeVisible();
  // There is nothing to take, and the form is not meant.
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/new$/);
  await page.keyboard.press("Escape");
  await expect(field).toHaveValue("Tenant 0511");
});

test("what was typed before the page was ready is searched for, and the other fields keep theirs", async ({
  page,
}) => {
  await signIn(page);
  const release = await holdScripts(page);
  await page.goto("/email/accounts/new", { waitUntil: "domcontentloaded" });
  await page.getByRole("textbox", { name: "Email Address" }).fill("early@contoso.test");
  const field = page.getByRole("combobox", { name: "Cloud Provider" });
  await field.focus();
  await page.keyboard.type("0511");
  release();
  await expect(optionsOf(page)).toHaveText(["Tenant 0511"]);
  await page.keyboard.press("Enter");
  await expect(field).toHaveValue("Tenant 0511");
  await expect(page.getByRole("textbox", { name: "Email Address" })).toHaveValue(
    "early@contoso.test",
  );
});

test("what was chosen before the page was ready stays chosen, and the form follows it", async ({
  page,
}) => {
  await signIn(page);
  const release = await holdScripts(page);
  await page.goto("/settings/alerts/new", { waitUntil: "domcontentloaded" });
  await page.getByLabel("Name").fill("Early");
  await page.getByLabel("Sent as").selectOption("Webhook");
  await expect(page.getByLabel("Address")).toBeHidden();
  release();
  await expect(page.getByLabel("Address")).toBeVisible();
  await expect(page.getByLabel("Sent as").locator("option:checked")).toHaveText("Webhook");
  await expect(page.getByLabel("Name")).toHaveValue("Early");
});

test("a search that is not answered says so, and the next one works", async ({ page }) => {
  await signIn(page);
  await page.goto("/email/accounts/new");
  const field = page.getByRole("combobox", { name: "Cloud Provider" });
  await page.route("**/email/accounts/new", (route) =>
    route.request().method() === "POST" ? route.abort() : route.continue(),
  );
  await field.fill("0577");
  await expect(page.getByText("The search failed. Postkey is not responding.")).toBeVisible();
  await page.unroute("**/email/accounts/new");
  await choose(field, "Tenant 0578");
});

test("a field with a choice has its message, and gets the focus", async ({ page }) => {
  await signIn(page);
  await page.goto("/email/accounts/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Nobody's");
  await page.getByRole("textbox", { name: "Key" }).fill("NOB");
  await page.getByRole("textbox", { name: "Email Address" }).fill("alice@contoso.test");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(
    page.getByText("Choose the cloud provider that signs this mailbox in."),
  ).toBeVisible();
  await expect(page.getByRole("combobox", { name: "Cloud Provider" })).toBeFocused();
});

test("a list of 600 has pages, and a section of a page turns where it is", async ({ page }) => {
  await signIn(page);
  await query(
    `INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState")
     SELECT 'cloud_provider', p.id, p.id, 'Change ' || n, '', 'connected'
     FROM "CloudProvider" p, generate_series(1, 70) n WHERE p.name = $1`,
    [LAST],
  );
  await page.goto("/settings/cloud-providers?search=tenant+0599");
  await page.getByRole("link", { name: LAST }).first().click();
  const history = page.getByRole("listitem").filter({ hasText: /^.*Change \d+/ });
  await expect(history.first()).toContainText("Change 70");
  await expect(page.getByText("30 of 70 changes")).toBeVisible();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(history.first()).toContainText("Change 40");
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(history.first()).toContainText("Change 10");
  await expect(page.getByText("10 of 70 changes")).toBeVisible();
  await page.getByRole("link", { name: "Previous page" }).click();
  await expect(history.first()).toContainText("Change 40");
  await query(`DELETE FROM "StateChange" WHERE subject LIKE 'Change %'`);
});
