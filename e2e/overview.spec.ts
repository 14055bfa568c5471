import { addAccount, addProvider, adminsPage, expect, test } from "./installation";

const ADDRESS = "overview@contoso.test";

test.beforeAll(async ({ browser }) => {
  const page = await adminsPage(browser);
  await addProvider(page, "Overviewed");
  const account = { name: "Overviewed", key: "ovr", address: ADDRESS, provider: "Overviewed" };
  await addAccount(page, account);
  await page.context().close();
});

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
  await page.goto("/email/accounts?search=Overviewed");
  await page.getByRole("checkbox", { name: "Select Overviewed" }).check();
  await page.getByRole("button", { name: "Test selected (1)" }).click();
  await page.waitForURL(/tests\/[0-9a-f-]{36}$/);
  const first = page.url();
  await expect(page.locator("[data-tint=red]", { hasText: "1 failed" })).toBeVisible();
  const cause = page.locator("[data-remedy='postkey.not_signed_in']");
  await expect(cause.getByRole("button", { name: `Sign in as ${ADDRESS}` })).toBeVisible();
  await cause.getByRole("button", { name: "Test again" }).click();
  await page.waitForURL((url) => url.href !== first);
  await page.getByRole("link", { name: "Show 1 account" }).click();
  await expect(page.getByRole("link", { name: "Failed in a test run" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Overviewed", exact: true }).first()).toBeVisible();
});

test("the page of an account asks for one thing by its filled button", async ({ page }) => {
  await page.goto("/email/accounts?search=Overviewed");
  await page.getByRole("link", { name: "Overviewed", exact: true }).first().click();
  const filled = page.getByRole("main").locator("[data-variant=filled]");
  await expect(page.getByRole("button", { name: "Test connection" })).toBeVisible();
  await expect(filled).toHaveText([`Sign in as ${ADDRESS}`]);
});
