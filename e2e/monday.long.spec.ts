import type { Page } from "@playwright/test";
import { Clicks } from "./clicks";
import { query } from "./database";
import { choose, clearFaults, expect, setFault, signInAtSandbox, test } from "./installation";
import {
  ADELE,
  addWorking,
  enterSecret,
  expectWorking,
  openFailing,
  PROVIDER,
  removeRepaired,
  renewNow,
  testNow,
} from "./repairs";

const MOST_CLICKS = 25;
const COLLEAGUE = "monday@example.com";

test.beforeAll(({ browser }) => addWorking(browser, []));
test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE "emailKey" LIKE '%@monday.test'`);
  await query(`DELETE FROM "SetupLink" WHERE email = $1`, [COLLEAGUE]);
  await removeRepaired();
});

const open = (page: Page, label: string) =>
  page.getByRole("navigation").getByRole("link", { name: label, exact: true });
const press = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

test("a Monday's work takes at most 25 clicks", async ({ page }) => {
  const clicks = new Clicks();

  await setFault("secret_expired");
  await renewNow();
  const secret = await openFailing(page, "The client secret has expired.");
  await clicks.on(secret.getByRole("link", { name: "Update Client Secret" }));
  await clearFaults();
  await enterSecret(page, clicks);

  await setFault("grant_revoked");
  await renewNow();
  await clicks.on(open(page, "Overview"));
  const again = press(page, `Sign in as ${ADELE.address}`).first();
  await expect(again).toBeVisible();
  await clearFaults();
  await clicks.on(again);
  await signInAtSandbox(page, ADELE.address);
  clicks.count += 2; // the account, and its consent, at the sign-in page
  await expectWorking(page);

  await setFault("smtp_auth_disabled_mailbox");
  await testNow(ADELE.key);
  await clicks.on(open(page, "Overview"));
  const title = "Sending over SMTP is switched off for this mailbox.";
  const known = page
    .getByRole("listitem")
    .filter({ hasText: title })
    .filter({ hasText: "Started" });
  await clicks.on(known.getByRole("link", { name: title }));
  await clicks.on(press(page, "Silence"));
  await clicks.on(page.getByRole("dialog").getByRole("button", { name: "Silence" }));
  await expect(page.getByText("Silenced by", { exact: false })).toBeVisible();
  await clearFaults();

  await clicks.on(open(page, "Email Accounts"));
  await clicks.on(page.getByRole("link", { name: "Import" }));
  await choose(page.getByRole("combobox", { name: "Cloud Provider" }), PROVIDER);
  const lines = Array.from({ length: 20 }, (_, n) => `Monday ${n},m${n}@monday.test`);
  const buffer = Buffer.from(["name,email", ...lines].join("\n"));
  await page.getByLabel("File").setInputFiles({ name: "a.csv", mimeType: "text/csv", buffer });
  clicks.count += 1;
  await clicks.on(press(page, "Check the file"));
  await clicks.on(press(page, "Add 20 accounts"));
  await clicks.on(press(page, "Create 20 links"));
  await clicks.on(page.getByRole("dialog").getByRole("button", { name: "Done" }));

  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").getByRole("combobox").fill("New Device");
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Name" }).fill("Monday's scanner");
  await page.getByRole("combobox", { name: "Email account" }).fill(ADELE.address);
  await expect(page.getByRole("option", { name: ADELE.address })).toHaveCount(1);
  await page.keyboard.press("Enter");
  await clicks.on(press(page, "Create Device"));
  await clicks.on(press(page, "Done"));

  await clicks.on(open(page, "People"));
  await clicks.on(press(page, "Invite a person"));
  await page.getByLabel("Email").fill(COLLEAGUE);
  await page.getByLabel("Name").fill("Mona Day");
  await clicks.on(press(page, "Create link"));
  await clicks.on(press(page, "Done"));

  await clicks.on(open(page, "Email Accounts"));
  await clicks.on(press(page, "Test all"));
  await expect(page.getByRole("heading", { name: /^Test of / })).toBeVisible();
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});
