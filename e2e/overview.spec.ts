import { addAccounts, query } from "./database";
import { expect, test } from "./installation";
import { addAccount, addProvider } from "./objects";

const ADDRESS = "overview@contoso.test";

test.beforeAll(async () => {
  await addProvider("Overviewed");
  const account = { name: "Overviewed", key: "ovr", address: ADDRESS, provider: "Overviewed" };
  await addAccount(account);
  await addAccounts("Unbound", { to: 1 });
});
test.afterAll(() => query(`DELETE FROM "EmailAccount" WHERE name = 'Unbound 1'`));

test("a tile of the Overview leads to the accounts that it counts", async ({ page }) => {
  await page.goto("/");
  const tiles = page.getByRole("navigation", { name: "Email accounts by state" });
  const tile = tiles.getByRole("link", { name: /No valid sign-in/ });
  const count = Number((await tile.locator("strong").textContent())?.replace(",", ""));
  expect(count).toBeGreaterThan(0);
  await tile.click();
  await expect(page).toHaveURL(/view=not_signed_in/);
  await expect(page.getByRole("link", { name: "Overviewed" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: /^No valid sign-in/ })).toContainText(String(count));
});

test("a test run that failed is red, leads to its accounts and tests them again", async ({
  page,
}) => {
  const testTicked = async (name: string) => {
    await page.goto(`/email/accounts?search=${name.split(" ")[0]}`);
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
    await page.getByRole("button", { name: "Test selected (1)" }).click();
  };
  await testTicked("Overviewed");
  await expect(page.getByText("There is nothing to test: 1 never signed in.")).toBeVisible();
  await testTicked("Unbound 1");
  await page.waitForURL(/tests\/[0-9a-f-]{36}$/);
  const first = page.url();
  await expect(page.locator("[data-tint=red]", { hasText: "1 failed" })).toBeVisible();
  const cause = page.locator("[data-remedy='postkey.provider_missing']");
  await cause.getByRole("button", { name: "Test again" }).click();
  await page.waitForURL((url) => url.href !== first);
  await page.getByRole("link", { name: "Show 1 account" }).click();
  await expect(page.getByRole("link", { name: "Failed in a test run" })).toBeVisible();
  const account = page.getByRole("link", { name: "Unbound 1", exact: true }).first();
  await expect(account).toBeVisible();
  await page.goto(first);
  await account.click();
  await page.getByRole("link", { name: "‹ Test of 1 account" }).click();
  await page.waitForURL(first);
  await account.click();
  await expect(page.getByRole("link", { name: "‹ Test of 1 account" })).toBeVisible();
  await page.keyboard.press("ControlOrMeta+K");
  await page.getByRole("combobox").fill("new email account");
  await page.getByRole("option", { name: "New Email Account" }).click();
  await expect(page.getByRole("link", { name: "‹ Email Accounts" })).toBeVisible();
});

test("the page of an account asks for one thing by its filled button", async ({ page }) => {
  await page.goto("/email/accounts?search=Overviewed");
  await page.getByRole("link", { name: "Overviewed", exact: true }).first().click();
  const filled = page.getByRole("main").locator("[data-variant=filled]");
  await expect(page.getByRole("button", { name: "Test connection" })).toBeVisible();
  await expect(filled).toHaveText([`Sign in as ${ADDRESS}`]);
});
