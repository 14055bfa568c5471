import type { Page } from "@playwright/test";
import { Clicks } from "./clicks";
import { clearFaults, expect, setFault, signInAtSandbox, test } from "./installation";
import {
  ADELE,
  addWorking,
  expectRepaired,
  expectWorking,
  openFailing,
  removeRepaired,
  renewNow,
  replaceSecret,
  testNow,
} from "./repairs";

test.beforeAll(({ browser }) => addWorking(browser, []));
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
