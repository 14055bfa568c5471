import { Clicks } from "./clicks";
import { query } from "./database";
import { addAccount, clearFaults, expect, setFault, test } from "./installation";
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

const SUPPORT = { name: "Support repaired", key: "rpt", address: "support@contoso.test" };

test.beforeAll(({ browser }) => addWorking(browser, ["alice@contoso.test"]));
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
  await addAccount(page, { ...SUPPORT, username: "alice@contoso.test", provider: PROVIDER });
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
