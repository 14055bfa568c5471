import type { Locator, Page } from "@playwright/test";
import { addAccounts, query } from "./database";
import { addProvider, adminsPage, expect, test } from "./installation";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
const COUNT = 40;

test.beforeAll(() => addAccounts("Around", { to: COUNT }));

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Around%'`);
  await query(`DELETE FROM "CloudProvider" WHERE name LIKE 'Around%'`);
  await query(`DELETE FROM "Incident" WHERE cause = 'around'`);
  await query(`DELETE FROM "AlertChannel" WHERE name LIKE 'Around%'`);
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
    await link.nth(from === 40 ? 0 : 12).click();
    await expect(page).toHaveURL(/\/help\/errors\/./);
    await expect.poll(() => scrollTop(page)).toBe(0);
    await page.goBack();
    await expect(page).toHaveURL(/\/help\/errors$/);
    await expect.poll(() => scrollTop(page)).toBeGreaterThanOrEqual(Math.min(from, 300));
  }
  await addProvider(page, "Around a save");
  await expect.poll(() => scrollTop(page)).toBe(0);
});

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error("This is not on the page.");
  return box;
}

/** Whether two things on the page lie over each other. */
async function overlap(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [await boxOf(one), await boxOf(other)];
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Buttons and links in the colour of the one with this label. */
const primaryActions = (add: Locator) =>
  add.evaluate((node) => {
    const colour = (each: Element) => getComputedStyle(each).backgroundColor;
    return [...document.querySelectorAll("main a, main button")].filter(
      (each) => each.checkVisibility() && colour(each) === colour(node),
    ).length;
  });

const ADDS = [
  ["/email/accounts?search=Around", "New Email Account"],
  ["/settings/cloud-providers", "New Cloud Provider"],
  ["/settings/alerts", "New alert channel"],
  ["/settings/api-keys", "New API key"],
  ["/settings/administrators", "Invite a person"],
] as const;

for (const viewport of [DESKTOP, PHONE])
  test(`the + button is the one primary action, and hides nothing, ${viewport.width}`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    for (const [path, label] of ADDS) {
      await page.goto(path);
      const add = page.locator("main").locator(`[aria-label="${label}"]`);
      await expect(add, path).toBeInViewport();
      const { x, y } = await boxOf(add);
      expect(x, path).toBeGreaterThan(viewport.width - 120);
      expect(y, path).toBeGreaterThan(viewport.height - 120);
      expect(await primaryActions(add), path).toBe(1);
    }
    await page.goto("/email/accounts?search=Around");
    await page.getByLabel("Select Around 1", { exact: true }).check();
    await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
    const add = page.getByRole("link", { name: "New Email Account" });
    const menus = page.getByRole("button", { name: /^Actions for Around/ });
    for (const other of [page.getByRole("link", { name: "Next page" }), menus.last()])
      expect(await overlap(add, other)).toBe(false);
    // Not only beside it: it can be pressed.
    await menus.last().click();
    await expect(page.getByRole("menu")).toBeVisible();
  });

test.describe("a toast", () => {
  test("covers neither + nor pager, and leaves by itself", async ({ page }) => {
    await page.setViewportSize(PHONE);
    await page.goto("/email/accounts?search=Around");
    await page.getByRole("button", { name: "Actions for Around 2", exact: true }).click();
    await page.getByRole("menuitem", { name: "Deactivate" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
    const toast = page.getByRole("main").getByRole("status").filter({ hasText: "Around 2" });
    await expect(toast).toBeVisible();
    for (const name of ["New Email Account", "Next page"])
      expect(await overlap(toast, page.getByRole("link", { name }))).toBe(false);
    // Where the pointer happens to be upon it, it would stay.
    await page.mouse.move(0, 0);
    await expect(toast).toBeHidden();
  });

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
    expect(await overlap(toast, invite)).toBe(false);
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
