import type { Locator, Page } from "@playwright/test";
import { Client } from "pg";
import { addAccount, addProvider, expect, installation, signIn, test } from "./installation";
import { refreshData } from "./ready";

test.describe.configure({ mode: "serial" });

const PROVIDER = "Shown once";
const ACCOUNT = { name: "Once", key: "once", address: "alice@contoso.test", provider: PROVIDER };

async function query(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

const ENDS = [
  `DELETE FROM "Device" WHERE name LIKE 'Once %'`,
  `DELETE FROM "AlertChannel" WHERE name LIKE 'Once %'`,
  `DELETE FROM "EmailAccount" WHERE key = 'once'`,
  `DELETE FROM "CloudProvider" WHERE name = '${PROVIDER}'`,
];

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ baseURL: installation.url });
  await signIn(page);
  await addProvider(page, PROVIDER);
  await addAccount(page, ACCOUNT);
  await page.close();
});

test.afterAll(() => query(...ENDS));

const menuOf = (page: Page, name: string) => page.locator(`[aria-label="Actions for ${name}"]`);

async function choose(page: Page, name: string, item: string): Promise<void> {
  await menuOf(page, name).click();
  await page.getByRole("menuitem", { name: item }).click();
}

type Kept = { page: Page; secret: Locator; row: string; leaves: string };

/** The secret is there until the person closes its dialog, whatever becomes of the row that it was asked for in. */
async function expectKept({ page, secret, row, leaves }: Kept): Promise<void> {
  await expect(secret).toHaveValue(/.{20}/);
  const shown = await secret.inputValue();
  await query(leaves);
  await refreshData(page);
  await expect(menuOf(page, row)).toHaveCount(0);
  await expect(secret).toHaveValue(shown);
  await page.keyboard.press("Escape");
  await expect(secret).toHaveValue(shown);
  await page.keyboard.press("Enter");
  await expect(secret).toHaveValue(shown);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("a device's new password stays when the device leaves the list", async ({ page }) => {
  await signIn(page);
  await page.goto("/email/accounts");
  await page.getByRole("link", { name: ACCOUNT.name, exact: true }).click();
  await page.getByRole("link", { name: "New device" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Once a scanner");
  await page.getByRole("button", { name: "Create Device" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("heading", { name: "Once a scanner", level: 1 })).toBeVisible();

  await page.goto("/email/devices?search=Once");
  await choose(page, "Once a scanner", "New password");
  await page.getByRole("button", { name: "Create password" }).click();
  const password = page.getByRole("dialog").getByRole("textbox", { name: "Password" });
  await expectKept({
    page,
    secret: password,
    row: "Once a scanner",
    leaves: `DELETE FROM "Device" WHERE name LIKE 'Once %'`,
  });
});

test("a webhook's new signing secret stays when the channel is deleted", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/alerts/new");
  await page.getByLabel("Name").fill("Once a webhook");
  await page.getByLabel("Sent as").selectOption("Webhook");
  await page.getByLabel("Address").fill("https://hooks.contoso.test/once");
  await page.getByRole("button", { name: "Add channel" }).click();
  // Its page is below already.
  await expect(page.getByRole("textbox", { name: "Signing secret" })).toHaveValue(/^whsec_/);
  await expect(page.getByRole("heading", { name: "Once a webhook", level: 1 })).toHaveCount(1);
  await page.getByRole("button", { name: "Done" }).click();

  await page.goto("/settings/alerts");
  await choose(page, "Once a webhook", "New signing secret");
  await page.getByRole("button", { name: "Create a new secret" }).click();
  await expectKept({
    page,
    secret: page.getByRole("textbox", { name: "Signing secret" }),
    row: "Once a webhook",
    leaves: `DELETE FROM "AlertChannel" WHERE name LIKE 'Once %'`,
  });
});

test("a sign-in link stays when its account is deleted, and on another page", async ({ page }) => {
  await signIn(page);
  await page.getByRole("link", { name: "Email Accounts", exact: true }).first().click();
  await choose(page, ACCOUNT.name, "Create sign-in link");
  await page.getByRole("button", { name: "Create link" }).click();
  const link = page.getByRole("textbox", { name: /Link for/ });
  await expect(link).toHaveValue(/\/connect#/);
  await page.goBack();
  await expect(page.getByRole("heading", { name: "Overview" })).toHaveCount(1);
  await expect(link).toHaveValue(/\/connect#/);
  await page.goForward();
  await expect(page.getByRole("heading", { name: "Email Accounts", level: 1 })).toHaveCount(1);
  await expectKept({
    page,
    secret: link,
    row: ACCOUNT.name,
    leaves: `DELETE FROM "EmailAccount" WHERE key = 'once'`,
  });
});
