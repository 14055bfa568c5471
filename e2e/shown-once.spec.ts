import type { Locator, Page } from "@playwright/test";
import { query } from "./database";
import { expect, test } from "./installation";
import { addAccount, addProvider } from "./objects";
import { refreshData } from "./ready";

const PROVIDER = "Shown once";
const ACCOUNT = { name: "Once", key: "once", address: "once@contoso.test", provider: PROVIDER };

test.afterAll(async () => {
  await query(`DELETE FROM "AlertChannel" WHERE name LIKE 'Once %'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = $1`, [PROVIDER]);
});

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
  await page.keyboard.press("Enter");
  await expect(secret).toHaveValue(shown);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
}

test("a webhook's new signing secret stays when the channel is deleted", async ({ page }) => {
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
  await addProvider(PROVIDER);
  await addAccount(ACCOUNT);
  await page.goto("/");
  await page.getByRole("link", { name: "Email Accounts", exact: true }).first().click();
  await page.getByRole("searchbox").fill("once@");
  await expect(page).toHaveURL(/search=once/);
  await choose(page, ACCOUNT.name, "Create sign-in link");
  await page.getByRole("button", { name: "Create link" }).click();
  const link = page.getByRole("textbox", { name: /Link for/ });
  await expect(link).toHaveValue(/\/connect#/);
  await page.goBack();
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
