import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { addAccounts, query } from "./database";
import { expect, signIn, test } from "./installation";

const COUNT = 60;
const LIST = "/email/accounts?search=fleet";

test.beforeAll(async () => {
  await query(
    `INSERT INTO "ContactList" (id, name, "nameKey") VALUES (gen_random_uuid(), 'Fleet list', 'fleet list')`,
  );
  await query(`INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
    VALUES (gen_random_uuid(), 'Fleet tenant', 'fleet tenant', 'x', 'x', 'https://x.test/')`);
  await addAccounts("Fleet", { to: COUNT });
});

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Fleet %'`);
  await query(`DELETE FROM "ContactList" WHERE name = 'Fleet list'`);
  await query(`DELETE FROM "CloudProvider" WHERE name = 'Fleet tenant'`);
});

const states = () =>
  query(
    `SELECT state, count(*)::int AS count FROM "EmailAccount" WHERE name LIKE 'Fleet %' GROUP BY 1 ORDER BY 1`,
  );

/** Of a menu that loads when it is opened. */
async function choose(page: Page, wish: string): Promise<void> {
  await page.getByRole("button", { name: /^Change \(/ }).click();
  await page.getByRole("menuitem", { name: wish }).click();
}

test("accounts that were ticked stay selected on other pages, and are named before they change", async ({
  page,
}) => {
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select Fleet 1", { exact: true }).check();
  await page.getByLabel("Select Fleet 2", { exact: true }).check();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText("26–50 of 60 accounts")).toBeVisible();
  await expect(page.getByText("2 selected, none of them on this page")).toBeVisible();
  await choose(page, "Deactivate …");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Fleet 1, Fleet 2.");
  await dialog.getByRole("button", { name: "Deactivate (2)" }).click();
  await expect(page.getByText("Deactivated 2 accounts.")).toBeVisible();
  expect(await states()).toEqual([
    { state: "inactive", count: 2 },
    { state: "no_provider", count: COUNT - 2 },
  ]);
});

test("Shift and a click tick all rows from the last one that was clicked", async ({ page }) => {
  await signIn(page);
  await page.goto(LIST);
  const boxes = page.getByRole("checkbox", { name: /^Select Fleet/ });
  await boxes.nth(1).click();
  await boxes.nth(5).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Change (5)" })).toBeVisible();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Change (2)" })).toBeVisible();
});

test("all that a list shows get a List, from whatever page", async ({ page }) => {
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: `Select all ${COUNT}` }).click();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("button", { name: `Change (${COUNT})` })).toBeVisible();
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await choose(page, "Set List …");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: /^Set List/ })).toBeDisabled();
  await dialog.getByRole("combobox", { name: "List" }).fill("fleet li");
  await page.getByRole("option", { name: "Fleet list" }).click();
  await dialog.getByRole("button", { name: `Set List (${COUNT})` }).click();
  await expect(page.getByText(`Set the List of ${COUNT} accounts.`)).toBeVisible();
  const [row] = await query(`SELECT count(*)::int AS count FROM "EmailAccount" e
    JOIN "ContactList" l ON l.id = e."contactListId" WHERE l.name = 'Fleet list'`);
  expect(row).toEqual({ count: COUNT });
});

test("a view is an address, and what an address does not know is said", async ({ page }) => {
  await signIn(page);
  await page.goto(`${LIST}&view=inactive&service=telegraph&viev=inactive`);
  await expect(page.getByText("service=telegraph, viev=inactive were left out.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Inactive/ })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await page.getByRole("link", { name: /^Inactive/ }).click();
  await expect(page).not.toHaveURL(/view=/);
});

test("fifty accounts get a List with six clicks at most, and within three seconds", {
  tag: "@alone",
}, async ({ page }) => {
  await query(`UPDATE "EmailAccount" SET "contactListId" = NULL WHERE name LIKE 'Fleet %'`);
  await signIn(page);
  await page.goto(`${LIST}&limit=50`);
  await page.evaluate(() => {
    document.body.dataset.clicks = "0";
    // One per press: a label passes its click on to its box.
    document.addEventListener(
      "pointerup",
      () => {
        document.body.dataset.clicks = String(Number(document.body.dataset.clicks) + 1);
      },
      true,
    );
  });
  await page.getByLabel("Select this page").check();
  await choose(page, "Set List …");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "List" }).fill("fleet li");
  await page.getByRole("option", { name: "Fleet list" }).click();
  const begun = performance.now();
  await dialog.getByRole("button", { name: "Set List (50)" }).click();
  await expect(page.getByText("Set the List of 50 accounts.")).toBeVisible();
  expect(performance.now() - begun).toBeLessThan(3_000);
  const clicks = Number(await page.locator("body").getAttribute("data-clicks"));
  expect(clicks).toBeGreaterThan(3);
  expect(clicks).toBeLessThanOrEqual(6);
});

test("the bar stays in sight while the rows are scrolled, and hides no pager", async ({ page }) => {
  await signIn(page);
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${LIST}&limit=50`);
  await page.getByLabel("Select this page").check();
  await page.getByLabel("Select Fleet 50", { exact: true }).scrollIntoViewIfNeeded();
  await expect(page.getByRole("button", { name: "Test selected (50)" })).toBeInViewport();
  await expect(page.getByRole("link", { name: "Next page" })).toBeInViewport();
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(390);
});

test("who has to sign in is listed by provider, and what no sign-in helps is said", async ({
  page,
}) => {
  await query(`UPDATE "EmailAccount" SET active = TRUE,
    "cloudProviderId" = (SELECT id FROM "CloudProvider" WHERE name = 'Fleet tenant')
    WHERE "keyKey" IN ('fleet-1', 'fleet-2')`);
  await signIn(page);
  await page.goto(LIST);
  for (const name of ["Fleet 1", "Fleet 2", "Fleet 3"])
    await page.getByLabel(`Select ${name}`, { exact: true }).check();
  await page.getByRole("button", { name: "Sign in (3)" }).click();
  const dialog = page.getByRole("dialog", { name: "2 sign-ins are needed" });
  await expect(dialog.getByRole("heading", { name: "Fleet tenant" })).toBeVisible();
  await expect(dialog.getByRole("button", { name: "Sign in" })).toHaveCount(2);
  await expect(dialog).toContainText("1 account is without a cloud provider");
  await dialog.getByRole("button", { name: "Close" }).last().click();

  // Filtered by that provider, found by typing.
  await page.getByRole("button", { name: "Provider", exact: true }).click();
  await page.getByRole("combobox", { name: "Provider" }).fill("fleet ten");
  await page.getByRole("option", { name: "Fleet tenant" }).click();
  await expect(page.getByText("2 accounts")).toBeVisible();
  await page.getByRole("link", { name: /^Provider: Fleet tenant/ }).click();
  await expect(page).not.toHaveURL(/cloudProviderId=/);

  await query(`UPDATE "EmailAccount" SET "cloudProviderId" = NULL WHERE name LIKE 'Fleet %'`);
});

test("of many who have to sign in, each can be reached with a button", async ({ page }) => {
  await query(`UPDATE "EmailAccount" SET "cloudProviderId" = (SELECT id FROM "CloudProvider"
    WHERE name = 'Fleet tenant') WHERE name LIKE 'Fleet %'`);
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: `Select all ${COUNT}` }).click();
  await page.getByRole("button", { name: `Sign in (${COUNT})` }).click();
  const dialog = page.getByRole("dialog", { name: `${COUNT} sign-ins are needed` });
  for (const [text, buttons] of [
    ["1–25 of 60 sign-ins", 25],
    ["26–50 of 60 sign-ins", 25],
    ["51–60 of 60 sign-ins", 10],
  ] as const) {
    await expect(dialog.getByText(text)).toBeVisible();
    await expect(dialog.getByRole("button", { name: "Sign in" })).toHaveCount(buttons);
    if (buttons === 25) await dialog.getByRole("button", { name: "Next page" }).click();
  }
  await expect(dialog.getByRole("button", { name: "Next page" })).toBeDisabled();
  await query(`UPDATE "EmailAccount" SET "cloudProviderId" = NULL WHERE name LIKE 'Fleet %'`);
});

test("many are deleted only after their number was typed", async ({ page }) => {
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select this page").check();
  await choose(page, "Delete …");
  const dialog = page.getByRole("dialog");
  const button = dialog.getByRole("button", { name: "Delete (25)" });
  await expect(dialog).toContainText("No device is affected.");
  await expect(button).toBeDisabled();
  await dialog.getByLabel("Type 25 to confirm").fill("24");
  await expect(button).toBeDisabled();
  await dialog.getByLabel("Type 25 to confirm").fill("25");
  await expect(button).toBeEnabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
});

test("what cannot be changed is named as that, and tried again", async ({ page }) => {
  await query(
    `UPDATE "EmailAccount" SET "modernAuthentication" = FALSE WHERE "keyKey" = 'fleet-7'`,
  );
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select Fleet 7", { exact: true }).check();
  await choose(page, "Move to a provider …");
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "Cloud Provider" }).fill("fleet ten");
  await page.getByRole("option", { name: "Fleet tenant" }).click();
  await dialog.getByRole("button", { name: "Move (1)" }).click();
  await expect(page.getByRole("dialog", { name: "No account was moved" })).toContainText(
    "Fleet 7: It signs in with a password.",
  );
  await query(`UPDATE "EmailAccount" SET "modernAuthentication" = TRUE WHERE "keyKey" = 'fleet-7'`);
  await page.getByRole("button", { name: "Try again (1)" }).click();
  await page.getByRole("button", { name: "Move (1)" }).click();
  await expect(page.getByText("Moved 1 account.")).toBeVisible();

  await query(
    `UPDATE "EmailAccount" SET "modernAuthentication" = FALSE, "cloudProviderId" = NULL WHERE "keyKey" = 'fleet-7'`,
  );
  await page.reload();
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: "Select all 60" }).click();
  await choose(page, "Move to a provider …");
  await dialog.getByRole("combobox", { name: "Cloud Provider" }).fill("fleet ten");
  await page.getByRole("option", { name: "Fleet tenant" }).click();
  await dialog.getByRole("button", { name: "Move (60)" }).click();
  await expect(dialog).toContainText("1 account could not be moved and stays selected:");
  await dialog.getByRole("button", { name: "Close" }).last().click();
  await expect(page.getByRole("button", { name: "Change (1)" })).toBeVisible();
  await query(`UPDATE "EmailAccount" SET "modernAuthentication" = TRUE WHERE "keyKey" = 'fleet-7'`);

  await query(`UPDATE "EmailAccount" SET "cloudProviderId" = NULL WHERE name LIKE 'Fleet %'`);
});

test("accounts that were deleted since they were ticked are told before they change", async ({
  page,
}) => {
  await query(`INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service,
      "modernAuthentication", username, "usernameKey")
    VALUES (gen_random_uuid(), 'Fleet gone', 'fleet 000', 'F0', 'fleet-0', 'f@contoso.test', 'f@contoso.test',
      'outlook365', TRUE, 'f', 'f')`);
  await signIn(page);
  await page.goto(LIST);
  await page.getByLabel("Select Fleet gone", { exact: true }).check();
  await page.getByLabel("Select Fleet 5", { exact: true }).check();
  await query(`DELETE FROM "EmailAccount" WHERE name = 'Fleet gone'`);
  await choose(page, "Deactivate …");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 account of your selection was deleted in the meantime.");
  await dialog.getByRole("button", { name: "Deactivate (1)" }).click();
  await expect(
    page.getByRole("dialog", { name: "Not every account was deactivated" }),
  ).toBeVisible();
});

test("where all are inactive, a test that can only fail is not offered", async ({ page }) => {
  await signIn(page);
  await page.goto(`${LIST}&view=inactive`);
  await expect(page.getByLabel("Select this page")).toBeVisible();
  await expect(page.getByRole("button", { name: /^Test all/ })).toHaveCount(0);
});

test("the other lists are sorted and filtered by their address, and name what they do not know", async ({
  page,
}) => {
  await signIn(page);
  for (const [path, heading, sort] of [
    ["/settings/cloud-providers", "Secret expires", "secretExpires"],
    ["/contacts", "Contacts", "contacts"],
    ["/settings/administrators", "Last seen", "lastSeen"],
    ["/settings/administrators", "Second factor", "secondFactor"],
    ["/settings/audit", "When", "when"],
  ] as const) {
    await page.goto(`${path}?sort=${sort}&direction=desc&view=nonsense`);
    await expect(page.getByText("view=nonsense was left out.")).toBeVisible();
    await expect(page.getByRole("columnheader", { name: heading })).toHaveAttribute(
      "aria-sort",
      "descending",
    );
  }
  await page.goto("/incidents?search=no%20such%20thing&sort=what");
  await expect(page.getByRole("searchbox", { name: "Search incidents" })).toHaveValue(
    "no such thing",
  );
  await expect(page.getByText("No incident has “no such thing” in what happened")).toBeVisible();
  for (const path of ["/settings/audit?result=lost", "/settings/alerts?kind=fax"]) {
    await page.goto(path);
    await expect(page.getByText("was left out.")).toBeVisible();
  }
});
