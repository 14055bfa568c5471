import { Clicks } from "./clicks";
import { query } from "./database";
import { addFleet, chooseForAll, FLEET, removeFleet } from "./fleet";
import { expect, test } from "./installation";

test.beforeAll(addFleet);
test.afterAll(removeFleet);

test("Shift and a click tick all rows from the last one that was clicked", async ({ page }) => {
  await page.goto(FLEET);
  const boxes = page.getByRole("checkbox", { name: /^Select Fleet/ });
  await boxes.nth(1).click();
  await boxes.nth(5).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Change (5)" })).toBeVisible();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Change (2)" })).toBeVisible();
});

test("fifty accounts get a List with six clicks at most, and within three seconds", async ({
  page,
}) => {
  await query(`UPDATE "EmailAccount" SET "contactListId" = NULL WHERE name LIKE 'Fleet %'`);
  await page.goto(`${FLEET}&limit=50`);
  const clicks = new Clicks();
  await clicks.on(page.getByLabel("Select this page"));
  await clicks.on(page.getByRole("button", { name: /^Change \(/ }));
  await clicks.on(page.getByRole("menuitem", { name: "Set List …" }));
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: "List" }).fill("fleet li");
  await clicks.on(page.getByRole("option", { name: "Fleet list" }));
  const begun = performance.now();
  await clicks.on(dialog.getByRole("button", { name: "Set List (50)" }));
  await expect(page.getByText("Set the List of 50 accounts.")).toBeVisible();
  expect(performance.now() - begun).toBeLessThan(3_000);
  expect(clicks.count).toBeLessThanOrEqual(6);
});

test("who has to sign in is listed by provider, and what no sign-in helps is said", async ({
  page,
}) => {
  await query(`UPDATE "EmailAccount" SET active = TRUE,
    "cloudProviderId" = (SELECT id FROM "CloudProvider" WHERE name = 'Fleet tenant')
    WHERE "keyKey" IN ('fleet-1', 'fleet-2')`);
  await page.goto(FLEET);
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

test("what cannot be changed is named as that, and tried again", async ({ page }) => {
  await query(
    `UPDATE "EmailAccount" SET "modernAuthentication" = FALSE WHERE "keyKey" = 'fleet-7'`,
  );
  await page.goto(FLEET);
  await page.getByLabel("Select Fleet 7", { exact: true }).check();
  await chooseForAll(page, "Move to a provider …");
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
  await query(`UPDATE "EmailAccount" SET "cloudProviderId" = NULL WHERE name LIKE 'Fleet %'`);
});
