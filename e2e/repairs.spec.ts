import type { Page } from "@playwright/test";
import { Clicks } from "./clicks";
import { addAccount, clearFaults, expect, setFault, signInAtSandbox, test } from "./installation";
import {
  ADELE,
  addWorking,
  expectRepaired,
  expectWorking,
  openFailing,
  PROVIDER,
  removeRepaired,
  renewNow,
  replaceSecret,
  testNow,
} from "./repairs";

const SALES = { name: "Sales repaired", key: "rps", address: "sales@contoso.test" };

test.beforeAll(({ browser }) => addWorking(browser, ["alice@contoso.test", "bob@contoso.test"]));
test.afterAll(removeRepaired);

test("an account whose password was changed is signed in again from the Overview", async ({
  page,
}) => {
  await setFault("grant_revoked", { on: "true", mailbox: ADELE.address });
  await renewNow();
  await page.goto("/");
  const clicks = new Clicks();
  const button = page.getByRole("button", { name: `Sign in as ${ADELE.address}` }).first();
  await expect(button).toBeVisible();
  await clearFaults();
  await clicks.on(button);
  await signInAtSandbox(page, ADELE.address);
  clicks.count += 2; // the account, and its consent, at the sign-in page
  await expectRepaired(page, { clicks, title: "Sign in as" });
});

test("an expired secret is replaced from the Overview", async ({ page }) => {
  const title = "The client secret has expired.";
  await setFault("secret_expired");
  await renewNow();
  const clicks = await replaceSecret(page, title);
  await expect(page.getByRole("link", { name: "‹ Overview" })).toBeVisible();
  await expectRepaired(page, { clicks, title });
});

/** From the incident to its account, to Edit, and the same way back. Another test's of that name is over. */
async function expectWayBack(page: Page, title: string): Promise<void> {
  await page.goto("/incidents?view=open");
  const incident = page.getByRole("row").filter({ hasText: ADELE.name });
  await incident.getByRole("link", { name: title }).first().click();
  await page.getByRole("main").getByRole("link", { name: ADELE.name, exact: true }).click();
  await page.getByRole("button", { name: `Actions for ${ADELE.name}` }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  await page.getByRole("link", { name: `‹ ${ADELE.name}` }).click();
  // A heading has no full stop.
  await page.getByRole("link", { name: `‹ ${title.slice(0, -1)}` }).click();
  await expect(page).toHaveURL(/\/incidents\//);
}

test("the command for a mailbox is shown, and the account tested again", async ({ page }) => {
  const title = "Sending over SMTP is switched off for this mailbox.";
  await setFault("smtp_auth_disabled_mailbox", { on: "true", mailbox: ADELE.address });
  await testNow(ADELE.key);
  await expectWayBack(page, title);
  const need = await openFailing(page, title);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Show the command" }));
  const command = page.getByText("SmtpClientAuthenticationDisabled $false");
  await expect(command).toContainText(ADELE.address);
  await clearFaults();
  await clicks.on(page.getByRole("link", { name: "Test again" }));
  await expectWorking(page);
  await expectRepaired(page, { clicks, title });
});

test("what a policy blocks is tested again instead of signed in", async ({ page }) => {
  const title = "A policy of the tenant blocks this sign-in.";
  await setFault("conditional_access", { on: "true", mailbox: ADELE.address });
  await renewNow();
  const need = await openFailing(page, title);
  await expect(need.getByRole("button", { name: /Sign in/ })).toHaveCount(0);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Test again" }));
  const panels = page.locator('[data-remedy="AADSTS53003"]').filter({ visible: true });
  await expect(panels).toHaveCount(1);
  // Else the test that was begun may find the faults gone, and the panel goes before it is pressed.
  await expect(page.getByRole("button", { name: "Test connection" })).toBeEnabled();
  await clearFaults();
  await clicks.on(panels.getByRole("link", { name: "Test again" }));
  await expectWorking(page);
  await expectRepaired(page, { clicks, title });
});

test("a tenant that was not found is checked from its incident, and the states agree", async ({
  page,
}) => {
  const title = "Microsoft does not know this tenant.";
  await setFault("tenant_unknown");
  await renewNow();
  const need = await openFailing(page, title);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: title }));
  await expect(page.getByRole("heading", { name: title.slice(0, -1), level: 1 })).toBeVisible();
  await clearFaults();
  // A live update that meets the check behind a changed address would load the whole document.
  await page.route("**/api/events*", (route) => route.abort());
  await page.reload();
  await clicks.on(page.getByRole("link", { name: "Check", exact: true }));
  await expect(page.locator('[data-finding="credential:ok"]')).toBeVisible();
  await page.unroute("**/api/events*");
  await expectRepaired(page, { clicks, title });
});

test("a shared mailbox whose delegate lacks the right gets another delegate", async ({ page }) => {
  await addAccount(page, { ...SALES, username: "bob@contoso.test", provider: PROVIDER });
  await testNow(SALES.key);
  const title = "cannot open this shared mailbox";
  const need = await openFailing(page, title);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Choose another delegate" }));
  const delegate = page.getByRole("combobox", { name: "Delegate" });
  await expect(delegate).toBeFocused();
  await delegate.pressSequentially("alice");
  await clicks.on(page.getByRole("option", { name: "alice@contoso.test" }));
  await clicks.on(page.getByRole("button", { name: "Save" }));
  await expect(page.getByRole("heading", { name: SALES.name, level: 1 })).toBeVisible();
  await expectRepaired(page, { clicks, title, name: SALES.name });
});
