import type { Page } from "@playwright/test";
import { expectAccessibleInBoth, unfoldAll } from "./axe";
import { fillInProvider } from "./forms";
import { expect, strangersPage, test } from "./installation";
import { addAccount } from "./objects";

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
  await fillInProvider(page, NAME);
  await expectAccessibleInBoth(page, "provider with toast");
  const account = { name: NAME, key: "acc", address: "acc@contoso.test", provider: NAME };
  await page.goto(await addAccount(account));
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
    ...["/", "/email/accounts", "/email/accounts/new", "/email/accounts/tests"],
    ...["/email/accounts/import", "/email/migration", "/email/devices", "/email/devices/new"],
    ...["/email/sign-in-links", "/email/migration/report", "/incidents"],
    ...["/contacts", "/contacts/all", "/contacts/import", "/contacts/privacy"],
  ],
  settings: [
    ...["/settings/cloud-providers", "/settings/cloud-providers/new"],
    ...["/settings/alerts", "/settings/alerts/new", "/settings/api-keys"],
    ...["/settings/administrators", "/settings/audit", "/settings/sign-in"],
    ...["/settings/sign-in/new", "/profile"],
    ...["/help/setup", "/help/errors", "/help/errors/AADSTS7000222", "/help/api"],
  ],
};

/** Nothing overflows sideways. */
async function expectToFitPhone(page: Page, path: string): Promise<void> {
  const before = page.viewportSize();
  await page.setViewportSize({ width: 390, height: 844 });
  const overflow = () =>
    page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
  // What follows the width does so after it.
  await expect.poll(overflow, path).toBeLessThanOrEqual(0);
  if (before) await page.setViewportSize(before);
}

for (const [name, paths] of Object.entries(PAGES))
  test(`no violation on the pages of ${name}, which fit a phone`, async ({ page }) => {
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectAccessibleInBoth(page, path);
      await expectToFitPhone(page, path);
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
