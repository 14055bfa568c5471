import { expect, test } from "./installation";

test.use({ viewport: { width: 390, height: 844 } });

test("nothing overflows sideways on a phone", async ({ page }) => {
  for (const path of [
    ...["/", "/email/accounts", "/email/accounts/new", "/email/accounts/tests", "/email/migration"],
    ...["/email/accounts/import", "/email/devices", "/email/sign-in-links", "/incidents"],
    ...["/contacts", "/contacts/all", "/contacts/import", "/contacts/privacy", "/profile"],
    ...["/settings/cloud-providers", "/settings/cloud-providers/new", "/settings/alerts"],
    ...["/settings/api-keys", "/settings/administrators", "/settings/audit", "/settings/sign-in"],
    ...["/help/setup", "/help/errors"],
  ]) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});
