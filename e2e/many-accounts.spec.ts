import { query } from "./database";
import { addFleet, COUNT, chooseForAll, FLEET, removeFleet } from "./fleet";
import { expect, test } from "./installation";

test.beforeAll(addFleet);
test.afterAll(removeFleet);

const states = () =>
  query(
    `SELECT state, count(*)::int AS count FROM "EmailAccount" WHERE name LIKE 'Fleet %' GROUP BY 1 ORDER BY 1`,
  );

test("accounts that were ticked stay selected on other pages, and are named before they change", async ({
  page,
}) => {
  await page.goto(FLEET);
  await page.getByLabel("Select Fleet 1", { exact: true }).check();
  await page.getByLabel("Select Fleet 2", { exact: true }).check();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText("26–50 of 60 accounts")).toBeVisible();
  await expect(page.getByText("2 selected, none of them on this page")).toBeVisible();
  await chooseForAll(page, "Deactivate …");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("Fleet 1, Fleet 2.");
  await dialog.getByRole("button", { name: "Deactivate (2)" }).click();
  await expect(page.getByText("Deactivated 2 accounts.")).toBeVisible();
  expect(await states()).toEqual([
    { state: "inactive", count: 2 },
    { state: "no_provider", count: COUNT - 2 },
  ]);
});

test("ticks stay with the view that they were made in", async ({ page }) => {
  await page.goto(FLEET);
  const box = page.getByLabel("Select Fleet 1", { exact: true });
  await box.check();
  await page.getByRole("searchbox").fill("fleet-1");
  await expect(page.getByRole("button", { name: "Test all found (11)" })).toBeVisible();
  await expect(box).not.toBeChecked();
  await page.getByRole("searchbox").fill("fleet");
  await expect(box).toBeChecked();
});

test("Shift and a click tick all rows from the last one that was clicked", async ({ page }) => {
  await page.goto(FLEET);
  const boxes = page.getByRole("checkbox", { name: /^Select Fleet/ });
  await boxes.nth(1).click();
  await boxes.nth(5).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Change (5)" })).toBeVisible();
  await boxes.nth(3).click({ modifiers: ["Shift"] });
  await expect(page.getByRole("button", { name: "Change (2)" })).toBeVisible();
});

test("all that a list shows get a List, from whatever page", async ({ page }) => {
  await page.goto(FLEET);
  await page.getByLabel("Select this page").check();
  await page.getByRole("button", { name: `Select all ${COUNT}` }).click();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByRole("button", { name: `Change (${COUNT})` })).toBeVisible();
  await chooseForAll(page, "Set List …");
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
  await page.goto(`${FLEET}&view=inactive&service=telegraph&viev=inactive`);
  await expect(page.getByText("service=telegraph, viev=inactive were left out.")).toBeVisible();
  await expect(page.getByRole("link", { name: /^Inactive/ })).toHaveAttribute(
    "aria-current",
    "true",
  );
  await page.getByRole("link", { name: /^Inactive/ }).click();
  await expect(page).not.toHaveURL(/view=/);
});

test("many are deleted only after their number was typed", async ({ page }) => {
  await page.goto(FLEET);
  await page.getByLabel("Select this page").check();
  await chooseForAll(page, "Delete …");
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
