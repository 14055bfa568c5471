import type { Page } from "@playwright/test";
import { addAccounts, query } from "./database";
import { fillInProvider } from "./forms";
import { adminsPage, expect, test } from "./installation";

test.beforeAll(() => addAccounts("Around", { to: 3 }));

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Around%'`);
  await query(`DELETE FROM "CloudProvider" WHERE name LIKE 'Around%'`);
});

const scrollTop = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

test("a page begins at its top, and back finds the place", async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 500 });
  for (const from of [40, 700]) {
    await page.goto("/help/errors");
    const link = page.getByRole("main").locator("a[href^='/help/errors/']");
    await expect(link.nth(30)).toBeVisible();
    await page.evaluate((top) => window.scrollTo(0, top), from);
    await expect.poll(() => scrollTop(page)).toBe(from);
    await link.nth(from === 40 ? 0 : 20).click();
    await expect(page).toHaveURL(/\/help\/errors\/./);
    await expect.poll(() => scrollTop(page)).toBe(0);
    await page.goBack();
    await expect(page).toHaveURL(/\/help\/errors$/);
    await expect.poll(() => scrollTop(page)).toBeGreaterThanOrEqual(Math.min(from, 300));
  }
  await fillInProvider(page, "Around a save");
  await expect.poll(() => scrollTop(page)).toBe(0);
});

test.describe("a toast", () => {
  test("stays while it has the pointer or the focus, and leaves ten seconds after that", async ({
    page,
  }) => {
    await page.goto("/email/accounts?search=Around");
    await page.getByRole("button", { name: "Actions for Around 3", exact: true }).click();
    const item = page.getByRole("menuitem", { name: "Deactivate" });
    await item.click();
    await page.clock.install();
    await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
    const toast = page.getByRole("main").getByRole("status").filter({ hasText: "Around 3" });
    await toast.hover();
    await page.clock.fastForward("01:00");
    await expect(toast).toBeVisible();
    const dismiss = toast.getByRole("button", { name: "Dismiss" });
    await dismiss.focus();
    await page.mouse.move(0, 0);
    await page.clock.fastForward("01:00");
    await expect(toast).toBeVisible();
    await dismiss.blur();
    await expect(toast).toBeVisible();
    await page.clock.fastForward("00:11");
    await expect(toast).toBeHidden();
  });

  test("of a problem stays until it is dismissed, or what it is about is tried again", async ({
    page,
    context,
  }) => {
    await page.goto("/settings/administrators");
    await page.getByRole("button", { name: "Invite a person" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Create link" }).click();
    await page.getByRole("button", { name: "Done" }).click();
    const invite = page.getByRole("button", { name: "New link for Anyone with the link" }).first();
    await page.clock.install();
    await context.setOffline(true);
    await invite.click();
    const toast = page.getByRole("alert").filter({ hasText: "Postkey is not responding" });
    await expect(toast).toBeVisible();
    await page.clock.fastForward("02:00");
    await expect(toast).toBeVisible();
    await context.setOffline(false);
    await invite.click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expect(toast).toHaveCount(0);
  });
});

const SCRIPT_KB = 200;

for (const path of ["/email/accounts", "/settings/cloud-providers", "/contacts"])
  test(`${path} loads at most ${SCRIPT_KB} KB of JavaScript`, async ({ browser }) => {
    const list = await adminsPage(browser);
    const sizes: Promise<number>[] = [];
    list.on("requestfinished", (request) => {
      if (request.resourceType() === "script")
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await list.goto(path);
    // What is fetched ahead of a click counts as well.
    await list.waitForLoadState("networkidle").catch(() => {});
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(50 * 1024);
    expect(bytes / 1024).toBeLessThanOrEqual(SCRIPT_KB);
    await list.context().close();
  });
