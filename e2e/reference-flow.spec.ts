import type { Page } from "@playwright/test";
import { fillInAccount, fillInProvider } from "./forms";
import {
  ADMIN,
  cancelAtSandbox,
  clearFaults,
  expect,
  installation,
  setFault,
  signInAtSandbox,
  strangersPage,
  test,
} from "./installation";

test.describe.configure({ mode: "serial" });

/** From the list to the provider's own page, until it is there. */
async function openProvider(page: Page): Promise<void> {
  await page.goto("/settings/cloud-providers");
  await page.getByRole("link", { name: "Contoso" }).click();
  await expect(page.getByRole("heading", { name: "Contoso", level: 1 })).toBeVisible();
}

async function chooseForProvider(page: Page, item: string): Promise<void> {
  await page.goto("/settings/cloud-providers");
  await page.getByRole("button", { name: "Actions for Contoso" }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

const alice = (page: Page) => page.getByRole("row", { name: /alice@contoso.test/ });

/** Of an application at the platform; those before it keep working. */
async function anotherSecret(clientId: string): Promise<string> {
  const url = new URL(`/registrations/${clientId}/secrets`, installation.controlUrl);
  const made: { value: string } = await (await fetch(url, { method: "POST" })).json();
  return made.value;
}

test("a newcomer is sent to the sign-in page, and a wrong password is refused", async ({
  browser,
}) => {
  const page = await strangersPage(browser);
  await page.goto("/email/accounts");
  await expect(page).toHaveURL(/\/sign-in\?from=%2Femail%2Faccounts$/);
  await page.getByLabel("Email").fill(ADMIN);
  await page.getByLabel("Password", { exact: true }).fill("not the password at all");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("alert").first()).toContainText("the password is wrong");
  await expect(page).toHaveURL(/\/sign-in/);
  await page.context().close();
});

test("the reference flow ends with a green test of IMAP, SMTP and POP3", async ({ page }) => {
  await fillInProvider(page, "Contoso");
  await chooseForProvider(page, "Authenticate");
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(
    page.getByRole("status").filter({ hasText: "alice@contoso.test" }).first(),
  ).toBeVisible();
  await expect(alice(page)).toContainText("Connected");

  await fillInAccount(page, {
    name: "Support",
    key: "SUP",
    address: "alice@contoso.test",
    provider: "Contoso",
  });
  await page.getByRole("button", { name: "Test connection" }).click();
  for (const protocol of ["imap", "smtp", "pop3"])
    await expect(page.locator(`[data-protocol=${protocol}]`)).toHaveAttribute("data-verdict", "ok");
  await page.reload();
  await page.getByRole("link", { name: "Test again with a fresh token" }).click();
  await expect(page.getByText("Used a fresh token.", { exact: false })).toBeVisible();
});

test("Update Client Secret refuses a wrong one, takes a good one, and nobody signs in again", async ({
  page,
}) => {
  await chooseForProvider(page, "Update Client Secret");
  const dialog = page.getByRole("dialog");
  const secret = dialog.getByRole("textbox", { name: "New client secret" });
  await secret.fill("wrong~but.plausible-0123456789");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("AADSTS7000215", { exact: false }).first()).toBeVisible();
  await secret.fill(await anotherSecret(installation.registration.clientId));
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  await openProvider(page);
  await expect(alice(page)).toContainText("Connected");
});

test("the client secret is renewed by Postkey, once the application may do so", async ({
  page,
}) => {
  await openProvider(page);
  const renewal = page.getByRole("switch", { name: "Renew the secret automatically" });
  await setFault("graph_permission_missing");
  await renewal.click();
  await expect(page.getByRole("alert").filter({ hasText: "lacks the permission" })).toBeVisible();
  await expect(renewal).not.toBeChecked();

  await clearFaults();
  await renewal.click();
  await expect(renewal).toBeChecked();
  // The keeper, which looks every few seconds, may be looking at it: then it is asked for again.
  await expect(async () => {
    await page.getByRole("button", { name: "Renew now" }).click();
    const news = page.getByText("A new secret is in use.", { exact: false });
    await expect(news).toBeVisible({ timeout: 10_000 });
  }).toPass();
  await expect(alice(page)).toContainText("Connected");
});

test("another person than expected is asked about, and can be discarded", async ({ page }) => {
  await chooseForProvider(page, "Authenticate");
  await signInAtSandbox(page, "bob@contoso.test");
  const question = page.getByRole("alert").filter({ hasText: "You expected alice@contoso.test" });
  await question.getByRole("button", { name: "Discard" }).click();
  await expect(question).toBeHidden();
  await expect(page.getByRole("row", { name: /bob@contoso.test/ })).toBeHidden();
  await page.getByRole("button", { name: "Sign in another mailbox" }).click();
  await cancelAtSandbox(page);
  await expect(page.locator("[data-remedy=AADSTS65004]")).toBeVisible();
});

test("a failed test says what to do about it", async ({ page }) => {
  await setFault("smtp_auth_disabled_mailbox");
  await page.goto("/email/accounts?search=support");
  await page.getByRole("button", { name: "Actions for Support", exact: true }).click();
  await page.getByRole("menuitem", { name: "Test connection" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.locator('[data-remedy="smtp.auth_disabled_mailbox"]').first()).toBeVisible();
});

test("a failed renewal says what to do, and mends itself afterwards", async ({ page }) => {
  await openProvider(page);
  await setFault("throttled");
  const renew = async () => {
    await page.getByRole("button", { name: "Actions for alice@contoso.test" }).click();
    await page.getByRole("menuitem", { name: "Renew now" }).click();
  };
  await renew();
  const remedy = page.locator('[data-remedy="postkey.identity_platform_throttled"]');
  await expect(remedy.first()).toBeVisible();
  await expect(alice(page)).toContainText("Retrying");
  await clearFaults();
  await renew();
  await expect(alice(page)).toContainText("Connected");
  await expect(page.locator("[data-remedy]")).toHaveCount(0);
});

test("an account is switched off and on, and a provider in use is deleted only when that is confirmed", async ({
  page,
}) => {
  await page.goto("/email/accounts?search=support");
  const row = page.getByRole("row", { name: /Support/ });
  const actions = page.getByRole("button", { name: "Actions for Support", exact: true });
  await actions.click();
  await page.getByRole("menuitem", { name: "Deactivate" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
  await expect(row).toContainText("Inactive");
  await actions.click();
  await page.getByRole("menuitem", { name: "Activate" }).click();
  await expect(row).not.toContainText("Inactive");

  await chooseForProvider(page, "Delete");
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("1 email account stops working");
  await expect(dialog.getByRole("button", { name: "Delete" })).toBeDisabled();
  await dialog.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("row", { name: /Contoso/ })).toBeHidden();
  await page.goto("/email/accounts?search=support");
  await expect(row).toContainText("Inactive");
});
