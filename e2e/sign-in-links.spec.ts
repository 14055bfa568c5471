import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { ImapFlow } from "imapflow";
import { Client } from "pg";
import {
  addAccount,
  addProvider,
  expect,
  installation,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";

test.describe.configure({ mode: "serial" });

const PROVIDER = "Owners";
const ALICE = { name: "Alice's own", key: "own1", address: "alice@contoso.test" };
const RELAY = "Links to owners";
const LEGACY = {
  name: "Legacy's own",
  key: "own3",
  address: installation.passwordMail.address,
};
const BOB = { name: "Bob's own", key: "own2", address: "bob@contoso.test" };

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ baseURL: installation.url });
  await signIn(page);
  await addProvider(page, PROVIDER);
  await addAccount(page, { ...ALICE, provider: PROVIDER });
  await addAccount(page, { ...BOB, provider: PROVIDER });
  await addAccount(page, { ...LEGACY, provider: PROVIDER });
  await page.close();
});

async function query(...statements: string[]): Promise<void> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  for (const sql of statements) await client.query(sql);
  await client.end();
}

test.afterAll(() =>
  query(
    `DELETE FROM "EmailAccount" WHERE key IN ('own1', 'own2', 'own3')`,
    `DELETE FROM "AlertChannel" WHERE name = '${RELAY}'`,
    `DELETE FROM "CloudProvider" WHERE name = '${PROVIDER}'`,
  ),
);

/** An owner on a phone, who has no account here. */
async function ownersPage(browser: Browser): Promise<Page> {
  const viewport = { width: 390, height: 844 };
  const context = await browser.newContext({ baseURL: installation.url, viewport });
  return context.newPage();
}

/** In the menu of a link. */
async function chooseFor(page: Page, username: string, item: string): Promise<void> {
  await page.getByRole("button", { name: `Actions for the link of ${username}` }).click();
  await page.getByRole("menuitem", { name: item }).click();
}

const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text });

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
}

async function newLinkFor(page: Page, account: string): Promise<string> {
  await page.goto(`/email/accounts?search=${encodeURIComponent(account)}`);
  await page.getByRole("button", { name: `Actions for ${account}` }).click();
  await page.getByRole("menuitem", { name: "Create sign-in link" }).click();
  await page.getByRole("button", { name: /^(Create|Replace) link$/ }).click();
  return page
    .getByRole("dialog")
    .getByRole("textbox", { name: /Link for/ })
    .inputValue();
}

test("the owner of a mailbox signs it in on a phone with three clicks", async ({
  page,
  browser,
}) => {
  await signIn(page);
  const link = await newLinkFor(page, ALICE.name);
  await expectAccessible(page);
  await page.getByRole("button", { name: "Done" }).click();

  const owner = await ownersPage(browser);
  await owner.goto(link);
  await expect(owner.getByText("Demo Administrator asks you to sign in")).toBeVisible();
  await expect(owner.getByText(ALICE.address)).toBeVisible();
  await expectAccessible(owner);
  expect(await owner.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await owner.getByRole("button", { name: "Continue to Microsoft" }).click();
  await signInAtSandbox(owner, ALICE.address);
  await expect(owner.getByRole("heading", { name: "Done" })).toBeVisible();
  await expectAccessible(owner);

  await page.goto("/email/sign-in-links");
  await expect(rowOf(page, ALICE.address)).toContainText("Signed in");
  await expectAccessible(page);
  await page.goto(`/email/accounts?search=${encodeURIComponent(ALICE.name)}`);
  await expect(rowOf(page, ALICE.name)).toContainText("Connected", { timeout: 60_000 });

  await owner.goto(link);
  await expect(owner.getByRole("heading", { name: "Your mailbox is signed in" })).toBeVisible();
  await expect(owner.getByText("Nothing more to do.")).toBeVisible();
  await owner.context().close();
  // Nobody asked for a test, and there is no schedule.
  await page.goto(`/email/accounts?search=${encodeURIComponent(ALICE.name)}`);
  await expect(rowOf(page, ALICE.name)).not.toContainText("Never", { timeout: 60_000 });
});

test("somebody else who follows it is told whose it is, and can try again", async ({
  page,
  browser,
}) => {
  await signIn(page);
  const link = await newLinkFor(page, BOB.name);
  const owner = await ownersPage(browser);
  await owner.goto(link);
  await owner.getByRole("button", { name: "Continue to Microsoft" }).click();
  await signInAtSandbox(owner, ALICE.address);
  await expect(owner.getByRole("alert").filter({ hasText: "You signed in as" })).toContainText(
    `the link is for ${BOB.address}`,
  );
  await page.goto("/email/sign-in-links");
  await expect(rowOf(page, BOB.address)).toContainText("Failed");
  await owner.getByRole("button", { name: "Try again" }).click();
  await signInAtSandbox(owner, BOB.address);
  await expect(owner.getByRole("heading", { name: "Done" })).toBeVisible();
  await owner.context().close();
});

test("an owner who cancels is told so and can try again, and a new link replaces the old one", async ({
  page,
  browser,
}) => {
  await signIn(page);
  const link = await newLinkFor(page, BOB.name);
  const owner = await ownersPage(browser);
  await owner.goto(link);
  await owner.getByRole("button", { name: "Continue to Microsoft" }).click();
  await owner.getByText("Cancel and go back").click();
  await expect(owner.getByRole("heading", { name: "The mailbox is not signed in" })).toBeVisible();
  await expect(owner.getByRole("alert").filter({ hasText: "You cancelled" })).toBeVisible();
  await expect(owner.getByText("AADSTS65004")).toBeHidden();
  await owner.getByText("For the person who sent you this link").click();
  await expect(owner.getByText("AADSTS65004")).toHaveCount(1);
  await expectAccessible(owner);
  await expect(owner.getByRole("button", { name: "Try again" })).toBeVisible();
  await page.goto("/email/sign-in-links");
  await chooseFor(page, BOB.address, "New link");
  await page.getByRole("button", { name: "Create link" }).click();
  const renewed = page.getByRole("dialog").getByRole("textbox", { name: /Link for/ });
  await expect(renewed).toHaveValue(/\/connect#[\w-]{43}$/);
  // It is shown once: neither Escape nor what changes below takes it away.
  await page.keyboard.press("Escape");
  await expect(page.locator("tr", { hasText: BOB.address })).toContainText("Not opened");
  expect(await renewed.inputValue()).not.toBe(link);
  await page.getByRole("button", { name: "Done" }).click();
  await owner.getByRole("button", { name: "Try again" }).click();
  await expect(owner.getByText("This link was already used", { exact: false })).toBeVisible();
  await owner.context().close();
});

test("a link that was revoked, or is incomplete, says so", async ({ page, browser }) => {
  await signIn(page);
  const link = await newLinkFor(page, BOB.name);
  await page.getByRole("button", { name: "Done" }).click();
  await page.goto("/email/sign-in-links");
  const owner = await ownersPage(browser);
  await owner.goto(`/connect#${"x".repeat(43)}`);
  await expect(owner.getByRole("heading", { name: "This link doesn't work" })).toBeVisible();
  // The other link in the same tab loads no page anew: it differs behind the # alone.
  await owner.goto(link);
  const go = owner.getByRole("button", { name: "Continue to Microsoft" });
  await expect(go).toBeVisible();
  await chooseFor(page, BOB.address, "Revoke");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(rowOf(page, BOB.address)).toHaveCount(0);
  await go.click();
  await expect(owner.getByRole("heading", { name: "This link doesn't work" })).toBeVisible();
  await expect(go).toHaveCount(0);
  await owner.reload();
  await expect(owner.getByRole("alert").filter({ hasText: "already used" })).toBeVisible();
  await owner.goto("/connect");
  await owner.reload();
  await expect(owner.getByRole("alert").filter({ hasText: "not complete" })).toBeVisible();
  await owner.goto("/connect/done?authorization=1");
  await expect(owner.getByText("Open the link that you were sent once more.")).toBeVisible();
  await owner.context().close();
});

test("links for many accounts are made at once and taken as one file", async ({ page }) => {
  await signIn(page);
  await query(
    `DELETE FROM "Authorization" a USING "CloudProvider" p WHERE p.id = a."cloudProviderId" AND p.name = '${PROVIDER}'`,
  );
  await page.goto("/email/accounts?search=own");
  for (const { name } of [ALICE, BOB])
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Sign in (2)" }).click();
  await page.getByRole("button", { name: "Create 2 links" }).click();
  // The one dialog that asked is gone, and so is what was selected.
  const dialogs = page.getByRole("dialog");
  await expect(dialogs).toHaveCount(1);
  await expect(dialogs).toHaveAccessibleName("2 sign-in links");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("postkey-sign-in-links.csv");
  await page.getByRole("button", { name: "Done" }).click();
  await expect(dialogs).toHaveCount(0);
  await expect(page.getByRole("button", { name: /^Sign in \(/ })).toHaveCount(0);

  for (const { name } of [ALICE, BOB])
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Sign in (2)" }).click();
  await expect(dialogs.getByText("2 of 2 have an open link")).toBeVisible();
  await expect(dialogs.getByText("The 2 previous links stop working.")).toBeVisible();
  await expect(dialogs.getByRole("button", { name: "Replace 2 links" })).toBeEnabled();
  await expectAccessible(page);
  await page.goto("/email/sign-in-links?view=waiting");
  await expect(rowOf(page, ALICE.address)).toContainText("Not opened");
  await expect(rowOf(page, BOB.address)).toContainText("Not opened");
});

test("links are ticked across pages and views, then replaced and revoked at once", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/email/sign-in-links?search=alice");
  await page.getByRole("checkbox", { name: `Select ${ALICE.address}` }).check();
  await page.goto("/email/sign-in-links?view=waiting");
  await page.getByRole("checkbox", { name: `Select ${BOB.address}` }).check();
  await page.goto("/email/sign-in-links?search=bob");
  await expect(page.getByText("2 selected, 1 of them not on this page")).toBeVisible();
  await page.getByRole("button", { name: "New links (2)" }).click();
  const asked = page.getByRole("dialog", { name: "Create 2 new links?" });
  await expect(asked.getByText(ALICE.address)).toBeVisible();
  await expectAccessible(page);
  await asked.getByRole("button", { name: "Create 2 new links" }).click();
  const shown = page.getByRole("dialog", { name: "2 sign-in links" });
  const download = page.waitForEvent("download");
  await shown.getByRole("button", { name: "Download as CSV" }).click();
  await download;
  await shown.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("button", { name: /^Revoke \(/ })).toHaveCount(0);

  // What goes by its own menu, or by another hand, is selected no longer and named no longer.
  await page.goto("/email/sign-in-links?view=waiting&search=contoso.test");
  await page.getByRole("checkbox", { name: "Select this page" }).check();
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
  await query(`UPDATE "SignInLink" SET "signedInAt" = NULL WHERE username = '${ALICE.address}'`);
  await page.getByRole("checkbox", { name: "Select this page" }).uncheck();

  await page.goto("/email/sign-in-links?search=own-nobody");
  await page.goto(`/email/sign-in-links?view=waiting&search=${encodeURIComponent("contoso.test")}`);
  await page.getByRole("checkbox", { name: "Select this page" }).check();
  await page.getByRole("button", { name: "Revoke (2)" }).click();
  const revoked = page.getByRole("dialog", { name: "Revoke 2 links?" });
  await expect(revoked.getByText("2 links can still be used.")).toBeVisible();
  await expectAccessible(page);
  await revoked.getByRole("button", { name: "Revoke 2 links" }).click();
  await expect(page.getByText("Revoked 2 links.")).toBeVisible();
  await page.goto("/email/sign-in-links");
  await expect(rowOf(page, BOB.address)).toHaveCount(0);
});

/** A channel through the sandbox's server that knows passwords. */
async function addRelay(page: Page): Promise<void> {
  const { address, password, smtp } = installation.passwordMail;
  await page.goto("/settings/alerts/new");
  await page.getByLabel("Name").fill(RELAY);
  await page.getByLabel("Sent as").selectOption("Email through an SMTP server");
  await page.getByRole("textbox", { name: "Recipients" }).fill(address);
  await page.getByRole("textbox", { name: "SMTP host" }).fill(smtp.host);
  await page.getByRole("textbox", { name: "SMTP port" }).fill(`${smtp.port}`);
  await page.getByLabel("SMTP security").selectOption(smtp.tls);
  await page.getByRole("textbox", { name: "Sender" }).fill(address);
  await page.getByRole("textbox", { name: "Username" }).fill(address);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.getByRole("switch", { name: "Also sends links to people" }).check();
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByText("Also sends links to people")).toBeVisible();
}

/** The newest message of the mailbox that has a password, as one text. */
async function newestMail(): Promise<string> {
  const { address: user, password: pass, imap } = installation.passwordMail;
  const tls = { ca: readFileSync(installation.caFile, "utf8") };
  const client = new ImapFlow({
    host: imap.host,
    port: imap.port,
    secure: imap.tls === "implicit",
    tls,
    auth: { user, pass },
    logger: false,
  });
  await client.connect();
  await client.mailboxOpen("INBOX");
  const sources: string[] = [];
  for await (const { source } of client.fetch("1:*", { source: true }))
    sources.push(source?.toString() ?? "");
  client.close();
  // The channel sends alerts to the same address.
  const letters = sources.filter((source) => !source.includes("Subject: [Postkey]"));
  return (letters.at(-1) ?? "").replace(/=\r\n/g, "").replace(/=3D/g, "=");
}

test("without a mail channel the screens say how to get one", async ({ page }) => {
  await signIn(page);
  await newLinkFor(page, LEGACY.name);
  await expect(page.getByRole("dialog").getByText("In Settings → Alerts")).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
  await page.goto("/email/sign-in-links");
  await expect(page.getByText("To send links by mail, open a mail channel")).toBeVisible();
  await expect(rowOf(page, LEGACY.address)).toContainText("Not sent by mail");
});

test("a link goes out by mail, and what became of it is shown", async ({ page, browser }) => {
  await signIn(page);
  await addRelay(page);
  await page.goto("/email/sign-in-links");
  await page.getByRole("button", { name: "Automatic mail" }).click();
  await page.getByRole("switch", { name: "Remind once before a link expires" }).check();
  await page.getByRole("textbox", { name: "Hours before the end" }).fill("24");
  await expectAccessible(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved.")).toBeVisible();

  const link = await newLinkFor(page, LEGACY.name);
  await page.getByRole("button", { name: "Send by mail" }).click();
  await expect(page.getByRole("dialog")).toContainText(
    `The link goes to ${LEGACY.address} by mail.`,
  );
  await expectAccessible(page);
  await page.getByRole("button", { name: "Done" }).click();
  await page.goto("/email/sign-in-links");
  const row = rowOf(page, LEGACY.address);
  await expect(row).toContainText(/Sent.*reminder in/, { timeout: 60_000 });
  await expectAccessible(page);
  expect(await newestMail()).toContain(link);
  const owner = await ownersPage(browser);
  await owner.goto(link);
  await expect(owner.getByText("Demo Administrator asks you to sign in")).toBeVisible();
  await owner.context().close();

  await chooseFor(page, LEGACY.address, "Remind now");
  await expect(row).toContainText("reminded", { timeout: 60_000 });
  expect(await newestMail()).toContain(link);

  await chooseFor(page, LEGACY.address, "Send again");
  await page.getByRole("button", { name: "Send link" }).click();
  await expect.poll(newestMail, { timeout: 60_000 }).not.toContain(link);
  expect(await newestMail()).toContain(`Subject: Please sign in ${LEGACY.address}`);
});

test("an invitation goes out by mail", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/administrators");
  await page.getByRole("button", { name: "Invite a person" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const dialog = page.getByRole("dialog", { name: "One-time link" });
  await dialog.getByRole("textbox", { name: "Email address" }).fill("no address");
  await dialog.getByRole("button", { name: "Send by mail" }).click();
  await expect(dialog.getByText(/email address/i).last()).toBeVisible();
  await dialog.getByRole("textbox", { name: "Email address" }).fill(LEGACY.address);
  await dialog.getByRole("button", { name: "Send by mail" }).click();
  await expect(dialog).toContainText(`The link goes to ${LEGACY.address} by mail.`);
  await expectAccessible(page);
  const link = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await expect.poll(newestMail, { timeout: 60_000 }).toContain(link);
});
