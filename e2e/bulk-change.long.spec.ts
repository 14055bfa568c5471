import type { Page, Route } from "@playwright/test";
import { addAccounts, query } from "./database";
import { expect, test } from "./installation";

const COUNT = 2_500;
const LIST = "/email/accounts?search=convoy";

test.beforeAll(async () => {
  await query(`INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
    VALUES (gen_random_uuid(), 'Convoy tenant', 'convoy tenant', 'x', 'x', 'https://x.test/')`);
  await addAccounts("Convoy", { to: COUNT });
});

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Convoy %'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = 'Convoy tenant'`);
});

async function inactive(): Promise<number> {
  const [row] = await query(
    `SELECT count(*)::int AS count FROM "EmailAccount" WHERE name LIKE 'Convoy %' AND NOT active`,
  );
  return row.count;
}

/** All that the list shows, of which the first page is ticked. */
async function chooseForAll(page: Page, wish: string): Promise<void> {
  await page.goto(LIST);
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: /^Select all/ }).click();
  await page.getByRole("button", { name: /^Change \(/ }).click();
  await page.getByRole("menuitem", { name: wish, exact: true }).click();
}

/** Does something else with one part of a change, counted from 1. */
async function atPart(page: Page, nth: number, instead: (route: Route) => Promise<void>) {
  let parts = 0;
  await page.route("**/email/accounts**", async (route) => {
    const isPart = route.request().postData()?.includes("emailAccountIds") ?? false;
    if (isPart) parts += 1;
    return isPart && parts === nth ? instead(route) : route.continue();
  });
}

test("thousands are changed a thousand at a time, and the dialog says how far it is", async ({
  page,
}) => {
  const dialog = page.getByRole("dialog", { name: "Deactivate: 2,500 accounts" });
  await atPart(page, 3, async (route) => {
    await expect(dialog.getByText("2,000 of 2,500 done.")).toBeVisible();
    await expect(dialog.getByRole("progressbar")).toHaveAttribute("value", "2000");
    expect(await inactive()).toBe(2_000);
    await route.continue();
  });
  await chooseForAll(page, "Deactivate …");
  await expect(dialog).toContainText("They change 1,000 at a time, and you can stop in between.");
  await dialog.getByRole("button", { name: "Deactivate (2,500)" }).click();
  await expect(page.getByText("Deactivated 2,500 accounts.")).toBeVisible();
  expect(await inactive()).toBe(COUNT);
});

test("a part that gets no answer ends it, and asking again changes nothing twice", async ({
  page,
}) => {
  await query(`UPDATE "EmailAccount" SET active = TRUE WHERE name LIKE 'Convoy %'`);
  await atPart(page, 2, async (route) => {
    // It is done, and the answer is lost: as when the web ends at that moment.
    await route.fetch();
    await route.abort();
  });
  await chooseForAll(page, "Deactivate …");
  await page.getByRole("button", { name: "Deactivate (2,500)" }).click();
  const dialog = page.getByRole("dialog", { name: "Not every account was deactivated" });
  await expect(dialog).toContainText("Postkey is not responding.");
  await expect(dialog).toContainText("1,500 accounts are left and stay selected.");
  await page.unroute("**/email/accounts**");
  await dialog.getByRole("button", { name: "Continue (1,500)" }).click();
  await expect(
    page.getByText("Deactivated 500 accounts. 1,000 accounts needed no change."),
  ).toBeVisible();
  expect(await inactive()).toBe(COUNT);
});
