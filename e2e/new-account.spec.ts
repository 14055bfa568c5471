import type { Page } from "@playwright/test";
import { query } from "./database";
import { fillInProvider } from "./forms";
import { choose, expect, signInAtSandbox, test } from "./installation";

test.describe.configure({ mode: "serial" });

const PROVIDER = "New accounts";

test.afterAll(async () => {
  await query(
    `DELETE FROM "EmailAccount" WHERE "cloudProviderId" IN (SELECT id FROM "CloudProvider" WHERE name = $1)`,
    [PROVIDER],
  );
  await query(`DELETE FROM "CloudProvider" WHERE name = $1`, [PROVIDER]);
});

const text = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

/** The form, with the provider chosen, or the one there is. */
async function openForm(page: Page): Promise<void> {
  await page.goto("/email/accounts/new");
  await choose(page.getByRole("combobox", { name: "Cloud Provider" }), PROVIDER);
}

/** By the name that signs in; the option has that of the person too. */
async function chooseDelegate(page: Page, username: string): Promise<void> {
  const delegate = page.getByRole("combobox", { name: "Delegate" });
  await delegate.fill(username);
  await page.getByRole("option", { name: username }).click();
  await expect(delegate).toHaveValue(username);
}

test("a new provider asks the reference's fields first, and says all that is missing at once", async ({
  page,
}) => {
  await page.goto("/settings/cloud-providers/new");
  await expect(page.getByLabel("How mailboxes sign in")).toBeHidden();
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  const summary = page.getByRole("alert").filter({ has: page.getByRole("button") });
  await expect(summary.getByRole("button")).toHaveText([
    ...["Name", "Application Id", "Tenant Id", "Client Secret"],
  ]);
  await summary.getByRole("button", { name: "Tenant Id" }).click();
  await expect(page.getByRole("textbox", { name: "Tenant Id" })).toBeFocused();
  await fillInProvider(page, PROVIDER);
});

test("a mailbox of its own is added, signed in and tested at once", async ({ page }) => {
  await openForm(page);
  await text(page, "Email Address").fill("bob@contoso.test");
  await expect(page.getByRole("textbox", { name: "Username" })).toHaveValue("bob@contoso.test");
  await text(page, "Name").fill("Bob on it");
  const key = page.getByRole("textbox", { name: "Key" });
  await expect(key).not.toHaveValue("");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("heading", { name: "Bob on it", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Sign in as bob@contoso.test" }).click();
  await signInAtSandbox(page, "bob@contoso.test");
  await expect(page.locator("[data-protocol=imap]").first()).toHaveAttribute("data-verdict", "ok");
  // The result is there when one comes back, without pressing Test.
  await page.reload();
  await expect(page.locator("[data-protocol=imap]").first()).toHaveAttribute("data-verdict", "ok");
});

test("a shared mailbox chooses its delegate among those signed in", async ({ page }) => {
  await openForm(page);
  await page.getByRole("radio", { name: "Shared mailbox" }).check();
  await text(page, "Email Address").fill("support@contoso.test");
  // Someone who is not signed in yet can be typed.
  await page.getByRole("button", { name: "Someone who is not signed in yet" }).click();
  await page.getByRole("textbox", { name: "Delegate" }).fill("alise@contoso.test");
  await page.getByRole("button", { name: "Choose someone who is signed in" }).click();
  await chooseDelegate(page, "bob@contoso.test");
  const key = page.getByRole("textbox", { name: "Key" });
  await key.fill("MINE");
  await text(page, "Name").fill("Shared with Bob");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("heading", { name: "Shared with Bob", level: 1 })).toBeVisible();
  // Tested at once; the stages are folded.
  await expect(page.locator("[data-protocol=imap]").first()).toHaveAttribute("data-verdict", "ok");
  await page.getByRole("link", { name: "bob@contoso.test" }).click();
  await expect(page).toHaveURL(/\/settings\/cloud-providers\/[\w-]+#signed-in$/);
  await expect(page.getByRole("heading", { name: "Signed in" })).toBeInViewport();
});

test("the day on which a secret expires is changed without the secret", async ({ page }) => {
  await page.goto("/settings/cloud-providers?search=new+accounts");
  await page.getByRole("link", { name: PROVIDER }).first().click();
  await expect(page.getByRole("heading", { name: PROVIDER, level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Change expiry" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The secret expires", { exact: true }).selectOption("day");
  await dialog.getByLabel("The secret expires on").fill("2020-01-31");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByLabel("The secret expires on")).toHaveAttribute("aria-invalid", "true");
  const select = dialog.getByLabel("The secret expires", { exact: true });
  const [, year] = await select.locator("option").allTextContents();
  await select.selectOption({ label: year ?? "" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const day = /on (.+)$/.exec(year ?? "")?.[1] ?? "no day";
  await expect(page.getByRole("definition").filter({ hasText: day })).toBeVisible();
  await page.goto("/settings/cloud-providers");
  const row = page.getByRole("row", { name: PROVIDER });
  await expect(row).toContainText(day);
});

test("who goes on before the first test has ended gets there", async ({ page }) => {
  await openForm(page);
  await text(page, "Email Address").fill("bob@contoso.test");
  await text(page, "Name").fill("Bob goes on");
  await text(page, "Key").fill("GOES");
  let [letTest, letGo] = [() => {}, () => {}];
  const clicked = new Promise<void>((done) => {
    letTest = done;
  });
  const tested = new Promise<void>((done) => {
    letGo = done;
  });
  await page.route(/\/connectionTest\?/, (route) => clicked.then(() => route.continue()));
  await page.route(/\/edit\?/, (route) => tested.then(() => route.continue()));
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await page.getByRole("button", { name: "Actions for Bob goes on" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  letTest();
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
  letGo();
  await expect(page.getByRole("heading", { name: "Edit Bob goes on", level: 1 })).toBeVisible();
});

test("a link to a field works where the browser can keep nothing", async ({ page }) => {
  const [account] = await query(`SELECT id FROM "EmailAccount" LIMIT 1`);
  await page.addInitScript("Storage.prototype.setItem = () => { throw new Error('full'); };");
  await page.goto(`/email/accounts/${account?.id}/edit?field=name`);
  await expect(text(page, "Name")).toBeFocused();
});
