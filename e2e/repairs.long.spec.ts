import { Clicks } from "./clicks";
import { query } from "./database";
import { clearFaults, expect, setFault, test } from "./installation";
import { addAccount } from "./objects";
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
const SUPPORT = { name: "Support repaired", key: "rpt", address: "support@contoso.test" };

test.beforeAll(({ browser }) => addWorking(browser, ["alice@contoso.test", "bob@contoso.test"]));
test.afterAll(removeRepaired);

test("what failed with the old secret is tested again where the new one was entered", async ({
  page,
}) => {
  const title = "The client secret has expired.";
  await setFault("secret_expired");
  await renewNow();
  await query(
    `UPDATE "EmailAccount" SET "testSchedule" = 'off', "imapVerdict" = 'failed', "testFailureId" = 'AADSTS7000222',
       "lastTestedAt" = now() WHERE key = $1`,
    [ADELE.key],
  );
  const clicks = await replaceSecret(page, title);
  const told = page.getByText(`The last test of 1 account failed: ${title}`);
  await expect(told).toBeVisible();
  await clicks.on(page.getByRole("button", { name: "Test again" }));
  await expect(page.getByRole("heading", { name: "Test of 1 account" })).toBeVisible();
  await expectRepaired(page, { clicks, title });
  await query(`UPDATE "EmailAccount" SET "testSchedule" = 'daily' WHERE key = $1`, [ADELE.key]);
});

test("a server that refuses for a while is tested again from the tests of the day", async ({
  page,
}) => {
  await setFault("temporary");
  await testNow(ADELE.key);
  await page.goto("/");
  await page.getByRole("link", { name: "Charts" }).click();
  const tests = page.locator("section", { hasText: "Tests of the last 24 hours" });
  const strip = tests.locator("div", { has: page.getByRole("link", { name: ADELE.name }) }).last();
  const button = strip.getByRole("link", { name: "Test again" });
  await expect(button).toBeVisible();
  const clicks = new Clicks();
  await clearFaults();
  await clicks.on(button);
  await expectWorking(page);
  await expectRepaired(page, { clicks, title: "temporary" });
});

test("a shared mailbox whose name is misspelt gets the right one", async ({ page }) => {
  await addAccount({ ...SUPPORT, username: "alice@contoso.test", provider: PROVIDER });
  const misspelt = `UPDATE "EmailAccount" SET mailbox = 'suport@contoso.test' WHERE key = $1`;
  await query(misspelt, [SUPPORT.key]);
  await testNow(SUPPORT.key);
  const title = "cannot open this shared mailbox";
  await openFailing(page, title);
  const clicks = new Clicks();
  await page.goto(`/email/accounts?search=${encodeURIComponent(SUPPORT.name)}`);
  await clicks.on(page.getByRole("link", { name: SUPPORT.name }));
  await clicks.on(page.getByRole("link", { name: "Edit the mailbox" }).first());
  const mailbox = page.getByRole("textbox", { name: "Mailbox", exact: true });
  await expect(mailbox).toBeFocused();
  await mailbox.fill(SUPPORT.address);
  await clicks.on(page.getByRole("button", { name: "Save" }));
  await expect(page.getByRole("heading", { name: SUPPORT.name, level: 1 })).toBeVisible();
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
  await expectRepaired(page, { clicks, title, name: SUPPORT.name });
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
  await addAccount({ ...SALES, username: "bob@contoso.test", provider: PROVIDER });
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
