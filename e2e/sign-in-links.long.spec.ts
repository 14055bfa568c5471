import { query } from "./database";
import { expect, test } from "./installation";
import { ALICE, addOwned, BOB, chooseFor, newLinkFor, removeOwned, rowOf } from "./owners";

test.describe.configure({ mode: "serial" });

test.beforeAll(({ browser }) => addOwned(browser));
test.afterAll(removeOwned);

test("links are ticked across pages and views, and what goes meanwhile is named no longer", async ({
  page,
}) => {
  for (const { name } of [ALICE, BOB]) {
    await newLinkFor(page, name);
    await page.getByRole("button", { name: "Done" }).click();
  }
  await page.goto("/email/sign-in-links?search=alice");
  await page.getByRole("checkbox", { name: `Select ${ALICE.address}` }).check();
  await page.goto("/email/sign-in-links?search=bob");
  await page.getByRole("checkbox", { name: `Select ${BOB.address}` }).check();
  await expect(page.getByText("2 selected, 1 of them not on this page")).toBeVisible();
  await chooseFor(page, BOB.address, "New link");
  await page.getByRole("button", { name: "Create link" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("button", { name: "New links (1)" })).toBeVisible();
  await page.getByRole("checkbox", { name: `Select ${BOB.address}` }).check();
  await query(`UPDATE "SignInLink" SET "signedInAt" = now() WHERE username = '${ALICE.address}'`);
  await page.getByRole("button", { name: "New links (2)" }).click();
  const one = page.getByRole("dialog", { name: "Create 1 new link?" });
  await expect(one.getByText(`${BOB.address}.`, { exact: true })).toBeVisible();
  await one.getByRole("button", { name: "Cancel" }).click();
});

test("without a mail channel the screens say how to get one", async ({ page }) => {
  await newLinkFor(page, BOB.name);
  await expect(page.getByRole("dialog").getByText("In Settings → Alerts")).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
  await page.goto("/email/sign-in-links");
  await expect(page.getByText("To send links by mail, open a mail channel")).toBeVisible();
  await expect(rowOf(page, BOB.address)).toContainText("Not sent by mail");
});
