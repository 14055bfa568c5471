import { expectAccessibleInBoth, unfoldAll } from "./axe";
import { addAccount, addProvider, expect, strangersPage, test } from "./installation";

const NAME = "Accessible";

test("no violation of WCAG 2.2 A or AA, in light or dark, where an account is added and tested", async ({
  page,
  browser,
}) => {
  const stranger = await strangersPage(browser);
  await stranger.addInitScript("fetch = () => new Promise(() => {})"); // What loads keeps loading.
  for (const path of ["/sign-in", `/connect#${"x".repeat(43)}`]) {
    await stranger.goto(path);
    await expect(stranger.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessibleInBoth(stranger, path);
  }
  await stranger.context().close();
  await addProvider(page, NAME);
  await expectAccessibleInBoth(page, "provider with toast");
  await addAccount(page, { name: NAME, key: "acc", address: "acc@contoso.test", provider: NAME });
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByRole("status").getByText("No one has signed in yet.")).toBeVisible();
  await unfoldAll(page);
  await expectAccessibleInBoth(page, "failed test");
  await page.goto("/email/accounts?search=accessible");
  await page.getByRole("checkbox", { name: `Select ${NAME}` }).check();
  await expectAccessibleInBoth(page, "list with a ticked row");
});

const PAGES = {
  email: [
    ...["/", "/email/accounts/tests", "/email/accounts/import", "/email/migration"],
    ...["/email/devices", "/email/devices/new", "/email/sign-in-links", "/incidents"],
    ...["/contacts", "/contacts/import", "/contacts/privacy"],
  ],
  settings: [
    ...["/settings/cloud-providers", "/settings/alerts", "/settings/alerts/new"],
    ...["/settings/api-keys", "/settings/administrators", "/settings/audit"],
    ...["/settings/sign-in", "/settings/sign-in/new", "/profile"],
    ...["/help/setup", "/help/errors/AADSTS7000222", "/help/api"],
  ],
};

for (const [name, paths] of Object.entries(PAGES))
  test(`no violation on the pages of ${name}`, async ({ page }) => {
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessibleInBoth(page, path);
    }
  });

test("no violation in a form with errors, an open menu and a dialog", async ({ page }) => {
  await page.goto("/settings/cloud-providers/new");
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  await expectAccessibleInBoth(page, "form with errors");
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "New API key" }).click();
  await page.getByRole("button", { name: "Create key" }).click();
  await expect(page.getByText("Enter a name.")).toBeVisible();
  await expectAccessibleInBoth(page, "dialog with errors");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /Signed in as/ }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await expectAccessibleInBoth(page, "open menu");
});
