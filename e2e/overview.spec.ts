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

test("the page of an account asks for one thing by its filled button", async ({ page }) => {
  await page.goto("/email/accounts?search=Overviewed");
  await page.getByRole("link", { name: "Overviewed", exact: true }).first().click();
  const filled = page.getByRole("main").locator("[data-variant=filled]");
  await expect(page.getByRole("button", { name: "Test connection" })).toBeVisible();
  await expect(filled).toHaveText([`Sign in as ${ADDRESS}`]);
});
