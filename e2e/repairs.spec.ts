import type { Locator, Page } from "@playwright/test";
import { Clicks } from "./clicks";
import { query } from "./database";
import {
  addAccount,
  addProvider,
  clearFaults,
  expect,
  installation,
  setFault,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";

const PROVIDER = "Repaired";
const ADELE = { name: "Adele repaired", key: "rep", address: "adele@contoso.test" };
const SALES = { name: "Sales repaired", key: "rps", address: "sales@contoso.test" };
const SUPPORT = { name: "Support repaired", key: "rpt", address: "support@contoso.test" };
const MOST_CLICKS = 4;

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ baseURL: installation.url });
  await signIn(page);
  await addProvider(page, PROVIDER);
  for (const [button, account] of [
    ["Authenticate", "adele@contoso.test"],
    ["Sign in another mailbox", "alice@contoso.test"],
    ["Sign in another mailbox", "bob@contoso.test"],
  ] as const) {
    await page.getByRole("button", { name: button }).click();
    await signInAtSandbox(page, account);
  }
  await addAccount(page, { ...ADELE, provider: PROVIDER });
  await page.close();
});

test.afterEach(clearFaults);

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE key IN ('rep', 'rps', 'rpt')`);
  await query(`DELETE FROM "CloudProvider" WHERE name = $1`, [PROVIDER]);
});

/** The keeper renews what is due within seconds, and meets the fault. */
const renewNow = () =>
  query(
    `UPDATE "TokenSet" t SET "refreshDueAt" = now() FROM "Authorization" a JOIN "CloudProvider" p
      ON p.id = a."cloudProviderId" WHERE a.id = t."authorizationId" AND p.name = $1 AND a.username = $2`,
    [PROVIDER, ADELE.address],
  );
const testNow = (key: string) =>
  query(`UPDATE "EmailAccount" SET "nextTestAt" = now() WHERE key = $1`, [key]);

/** The incident among those that need a person now. */
const needOf = (page: Page, title: string) =>
  page.getByRole("listitem").filter({ hasText: title }).filter({ hasText: PROVIDER });

async function openFailing(page: Page, title: string): Promise<Locator> {
  await page.goto("/");
  if (page.url().includes("/sign-in")) await signIn(page);
  const need = needOf(page, title);
  await expect(need).toBeVisible({ timeout: 45_000 });
  return need;
}

/** Of the report of the test that was begun. */
async function expectWorking(page: Page): Promise<void> {
  const conclusion = page.getByRole("status").filter({ hasText: "IMAP, SMTP and POP3 work." });
  await expect(conclusion).toBeVisible({ timeout: 60_000 });
}

async function expectRepaired(page: Page, title: string, { name } = ADELE): Promise<void> {
  await page.goto(`/email/accounts?search=${encodeURIComponent(name)}`);
  await expect(page.getByRole("row", { name: new RegExp(name) })).toContainText("Connected", {
    timeout: 60_000,
  });
  await page.goto("/");
  await expect(needOf(page, title)).toHaveCount(0, { timeout: 45_000 });
}

async function enterSecret(page: Page, clicks: Clicks): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("New client secret").fill(installation.registration.clientSecret);
  await clicks.on(dialog.getByRole("button", { name: "Save" }));
  await expect(dialog).toBeHidden();
}

/** What is repaired by a person at the sign-in page. */
const SIGN_INS = [
  ["grant_revoked", "the password was changed"],
  ["refresh_expired", "the sign-in was not used for too long"],
  ["consent_revoked", "the consent was withdrawn"],
] as const;

for (const [fault, what] of SIGN_INS)
  test(`when ${what}, the account is signed in again from the Overview`, async ({ page }) => {
    await setFault(fault);
    await renewNow();
    await signIn(page);
    const clicks = new Clicks();
    const button = page.getByRole("button", { name: `Sign in as ${ADELE.address}` });
    await expect(button.first()).toBeVisible({ timeout: 45_000 });
    await clearFaults();
    await clicks.on(button.first());
    await signInAtSandbox(page, ADELE.address);
    await expectRepaired(page, "Sign in as");
    // The account, and its consent, at the sign-in page.
    expect(clicks.count + 2).toBeLessThanOrEqual(MOST_CLICKS);
  });

test("an expired secret is replaced from the Overview", async ({ page }) => {
  const title = "The client secret has expired.";
  await setFault("secret_expired");
  await renewNow();
  const need = await openFailing(page, title);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Update Client Secret" }));
  await clearFaults();
  await enterSecret(page, clicks);
  await expectRepaired(page, title);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

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
  const need = await openFailing(page, title);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Update Client Secret" }));
  await clearFaults();
  await enterSecret(page, clicks);
  const told = page.getByText(`The last test of 1 account failed: ${title}`);
  await expect(told).toBeVisible({ timeout: 45_000 });
  await clicks.on(page.getByRole("button", { name: "Test again" }));
  await expect(page.getByRole("heading", { name: "Test of 1 account" })).toBeVisible();
  await expectRepaired(page, title);
  // With the password that may be asked for.
  expect(clicks.count + 1).toBeLessThanOrEqual(MOST_CLICKS);
  await query(`UPDATE "EmailAccount" SET "testSchedule" = 'daily' WHERE key = $1`, [ADELE.key]);
});

test("hosts that are to be corrected are where the incident's button leads", async ({ page }) => {
  const title = "The server's certificate is for another name.";
  const fail = (failureId: string | null) =>
    query(
      `UPDATE "EmailAccount" SET "testFailureId" = $2, "imapVerdict" = $3, "lastTestedAt" = now(),
         "nextTestAt" = now() + interval '1 day' WHERE key = $1`,
      [ADELE.key, failureId, failureId && "failed"],
    );
  await fail("tls.wrong_name");
  const need = await openFailing(page, title);
  await expect(need).toContainText("under Hosts of the cloud provider");
  await need.getByRole("link", { name: "Edit the provider" }).click();
  await expect(page.getByRole("textbox", { name: "IMAP host" })).toBeFocused();
  await fail(null);
});

test("a wrong secret is replaced from the account's row", async ({ page }) => {
  const title = "The client secret is wrong.";
  await setFault("secret_wrong");
  await renewNow();
  await openFailing(page, title);
  await page.goto(`/email/accounts?search=${ADELE.key}`);
  const clicks = new Clicks();
  await clicks.on(page.getByRole("button", { name: `Actions for ${ADELE.name}` }));
  await clicks.on(page.getByRole("menuitem", { name: "Update Client Secret" }));
  await clearFaults();
  await enterSecret(page, clicks);
  await expectRepaired(page, title);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

/** What an administrator of the tenant repairs by a command, and a test shows that it is. */
const COMMANDS = [
  ["imap_disabled", "IMAP is switched off for this mailbox.", "ImapEnabled $true"],
  [
    "smtp_auth_disabled_mailbox",
    "Sending over SMTP is switched off for this mailbox.",
    "SmtpClientAuthenticationDisabled $false",
  ],
  [
    "smtp_auth_disabled_tenant",
    "Sending over SMTP is switched off for the whole organisation.",
    "SmtpClientAuthenticationDisabled $false",
  ],
] as const;

for (const [fault, title, command] of COMMANDS)
  test(`with ${fault} the command is copied and the account tested again`, async ({ page }) => {
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
    await setFault(fault);
    await testNow(ADELE.key);
    const need = await openFailing(page, title);
    const clicks = new Clicks();
    await clicks.on(need.getByRole("button", { name: "Copy the command" }));
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await expect.poll(copied).toContain(command);
    expect(await copied()).toContain(ADELE.address);
    await clearFaults();
    await clicks.on(need.getByRole("link", { name: "Test again" }));
    await expectWorking(page);
    await expectRepaired(page, title);
    expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
  });

test("a disabled user who is enabled again is tested from the Overview", async ({ page }) => {
  const title = "This account is disabled";
  await setFault("user_disabled");
  await renewNow();
  await signIn(page);
  const need = page
    .getByRole("listitem")
    .filter({ hasText: PROVIDER })
    .filter({ has: page.getByRole("link", { name: "Test again" }) });
  await expect(need).toBeVisible({ timeout: 45_000 });
  const clicks = new Clicks();
  await clearFaults();
  await clicks.on(need.getByRole("link", { name: "Test again" }));
  await expectWorking(page);
  await expectRepaired(page, title);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

test("what a policy blocks is called so once, and is tested again instead of signed in", async ({
  page,
}) => {
  const title = "A policy of the tenant blocks this sign-in.";
  await setFault("conditional_access");
  await renewNow();
  const need = await openFailing(page, title);
  await expect(need.getByRole("button", { name: /Sign in/ })).toHaveCount(0);
  const clicks = new Clicks();
  await clicks.on(need.getByRole("link", { name: "Test again" }));
  await expect(page.getByText("What to do about it is at the top of this page.")).toBeVisible({
    timeout: 60_000,
  });
  const standing = page.getByText(`${ADELE.address} · Outlook365`).locator("..");
  await expect(standing).toContainText("Blocked by policy");
  const panels = page.locator('[data-remedy="AADSTS53003"]').filter({ visible: true });
  await expect(panels).toHaveCount(1);
  await expect(panels).toContainText("Have an administrator of the tenant allow this application");
  await clearFaults();
  await clicks.on(panels.getByRole("link", { name: "Test again" }));
  await expectWorking(page);
  await expectRepaired(page, title);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
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
  await clicks.on(page.getByRole("link", { name: "Check", exact: true }));
  await expect(page.locator('[data-finding="credential:ok"]')).toBeVisible();
  await expect(page.getByText("Proved", { exact: true })).toBeVisible();
  await expectRepaired(page, title);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

test("what a check found is not told any more once another secret is in use", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/cloud-providers");
  await page.getByRole("link", { name: PROVIDER, exact: true }).click();
  await setFault("secret_wrong");
  await page.getByRole("button", { name: "Check", exact: true }).click();
  const wrong = page.locator('[data-finding="credential:wrong"]');
  await expect(wrong).toBeVisible();
  await clearFaults();
  await wrong.getByRole("link", { name: "Update Client Secret" }).click();
  await enterSecret(page, new Clicks());
  await expect(page.getByText("Proved", { exact: true })).toBeVisible();
  await expect(wrong).toHaveCount(0);
});

test("a server that refuses for a while is tested again from the tests of the day", async ({
  page,
}) => {
  await setFault("temporary");
  await testNow(ADELE.key);
  await signIn(page);
  const tests = page.locator("section", { hasText: "Tests of the last 24 hours" });
  const strip = tests.locator("div", { has: page.getByRole("link", { name: ADELE.name }) }).last();
  const button = strip.getByRole("link", { name: "Test again" });
  await expect(button).toBeVisible({ timeout: 45_000 });
  const clicks = new Clicks();
  await clearFaults();
  await clicks.on(button);
  await expectWorking(page);
  await expectRepaired(page, "temporary");
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

test("a shared mailbox whose delegate lacks the right gets another delegate", async ({ page }) => {
  await signIn(page);
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
  // What was saved is tested by itself.
  const works = page.getByText("IMAP, SMTP and POP3 work.").first();
  await expect(works).toBeVisible({ timeout: 60_000 });
  await expectRepaired(page, title, SALES);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

test("a shared mailbox whose name is misspelt gets the right one", async ({ page }) => {
  await signIn(page);
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
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible({
    timeout: 60_000,
  });
  await expectRepaired(page, title, SUPPORT);
  expect(clicks.count).toBeLessThanOrEqual(MOST_CLICKS);
});

test("the state of an account is what its test found, before the page is loaded again", async ({
  page,
}) => {
  // What tells the page to load again does not arrive.
  await page.route("**/api/events*", (route) => route.abort());
  await query(`UPDATE "EmailAccount" SET "imapVerdict" = 'failed' WHERE key = $1`, [ADELE.key]);
  await signIn(page);
  await page.goto("/email/accounts?search=rep");
  await page.getByRole("link", { name: ADELE.name }).click();
  const standing = page.getByText(`${ADELE.address} · Outlook365`).locator("..");
  await expect(standing).toContainText("Test failed");
  await page.getByRole("button", { name: "Test connection" }).click();
  await expectWorking(page);
  await expect(standing).toContainText("Connected");
});

test("what blocked an account is gone from its page as soon as a test there passes", async ({
  page,
}) => {
  await page.route("**/api/events*", (route) => route.abort());
  await signIn(page);
  const [account] = await query(`SELECT id FROM "EmailAccount" WHERE key = $1`, [ADELE.key]);
  await page.goto(`/email/accounts/${account.id}`);
  await expect(page.getByRole("button", { name: "Test connection" })).toBeEnabled();
  await query(
    `UPDATE "TokenSet" SET state = 'fix_registration', "failureId" = 'AADSTS53003', "refreshDueAt" = now() + interval '1 hour'
      WHERE "authorizationId" = (SELECT id FROM "Authorization" WHERE username = $1 ORDER BY "signedInAt" DESC LIMIT 1)`,
    [ADELE.address],
  );
  await page.reload();
  const box = page.locator('[data-remedy="AADSTS53003"]').filter({ visible: true });
  await expect(box).toHaveCount(1);
  await page.getByRole("button", { name: "Test connection" }).click();
  await expectWorking(page);
  await expect(box).toHaveCount(0);
});
