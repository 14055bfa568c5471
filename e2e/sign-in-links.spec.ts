import { readFileSync } from "node:fs";
import type { Page } from "@playwright/test";
import { ImapFlow } from "imapflow";
import { cancelAtSandbox, expect, installation, signInAtSandbox, test } from "./installation";
import {
  ALICE,
  addOwned,
  BOB,
  chooseFor,
  LEGACY,
  newLinkFor,
  ownersPage,
  removeOwned,
  rowOf,
  signOutOwners,
} from "./owners";

test.describe.configure({ mode: "serial" });

test.beforeAll(addOwned);
test.afterAll(removeOwned);

test("the owner of a mailbox signs it in on a phone with three clicks", async ({
  page,
  browser,
}) => {
  const link = await newLinkFor(page, ALICE.name);
  await page.getByRole("button", { name: "Done" }).click();
  const owner = await ownersPage(browser);
  await owner.goto(link);
  await expect(owner.getByText(ALICE.address)).toBeVisible();
  expect(await owner.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  await owner.getByRole("button", { name: "Continue to Microsoft" }).click();
  await signInAtSandbox(owner, ALICE.address);
  await expect(owner.getByRole("heading", { name: "Done" })).toBeVisible();

  await page.goto("/email/sign-in-links");
  await expect(rowOf(page, ALICE.address)).toContainText("Signed in");
  await page.goto(`/email/accounts?search=${encodeURIComponent(ALICE.name)}`);
  // Nobody asked for a test, and there is no schedule.
  await expect(rowOf(page, ALICE.name)).toContainText("Connected");
  await expect(rowOf(page, ALICE.name)).not.toContainText("Never");
  await owner.goto(link);
  await expect(owner.getByRole("heading", { name: "Your mailbox is signed in" })).toBeVisible();
  await owner.context().close();
});

test("somebody else who follows it is told whose it is, and can try again", async ({
  page,
  browser,
}) => {
  const link = await newLinkFor(page, BOB.name);
  const owner = await ownersPage(browser);
  await owner.goto(link);
  await owner.getByRole("button", { name: "Continue to Microsoft" }).click();
  await cancelAtSandbox(owner);
  await expect(owner.getByRole("heading", { name: "The mailbox is not signed in" })).toBeVisible();
  await owner.getByRole("button", { name: "Try again" }).click();
  await signInAtSandbox(owner, ALICE.address);
  await expect(owner.getByRole("alert").filter({ hasText: "You signed in as" })).toContainText(
    BOB.address,
  );
  await page.goto("/email/sign-in-links");
  await expect(rowOf(page, BOB.address)).toContainText("Failed");
  await owner.getByRole("button", { name: "Try again" }).click();
  await signInAtSandbox(owner, BOB.address);
  await expect(owner.getByRole("heading", { name: "Done" })).toBeVisible();
  await owner.context().close();
});

test("a link that was replaced, revoked or is incomplete leads nowhere", async ({
  page,
  browser,
}) => {
  const replaced = await newLinkFor(page, BOB.name);
  await page.goto("/email/sign-in-links?view=waiting");
  await chooseFor(page, BOB.address, "New link");
  await page.getByRole("button", { name: "Create link" }).click();
  const renewed = page.getByRole("dialog").getByRole("textbox", { name: /Link for/ });
  await expect(renewed).toHaveValue(/\/connect#[\w-]{43}$/);
  // It is shown once: neither Escape nor what changes below takes it away.
  await page.keyboard.press("Escape");
  const link = await renewed.inputValue();
  expect(link).not.toBe(replaced);
  await page.getByRole("button", { name: "Done" }).click();

  const owner = await ownersPage(browser);
  const refused = owner.getByRole("heading", { name: "This link doesn't work" });
  await owner.goto(replaced);
  await expect(refused).toBeVisible();
  // The other link in the same tab loads no page anew: it differs behind the # alone.
  await owner.goto(link);
  const go = owner.getByRole("button", { name: "Continue to Microsoft" });
  await expect(go).toBeVisible();
  await chooseFor(page, BOB.address, "Revoke");
  await page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(rowOf(page, BOB.address)).toHaveCount(0);
  await go.click();
  await expect(refused).toBeVisible();
  await expect(go).toHaveCount(0);
  await owner.goto("/connect");
  await owner.reload();
  await expect(refused).toBeVisible();
  await owner.context().close();
});

test("links for many accounts are made at once, taken as one file, replaced and revoked", async ({
  page,
}) => {
  await signOutOwners();
  const dialog = page.getByRole("dialog");
  await page.goto("/email/accounts?search=own");
  for (const { name } of [ALICE, BOB])
    await page.getByRole("checkbox", { name: `Select ${name}` }).check();
  await page.getByRole("button", { name: "Sign in (2)" }).click();
  await page.getByRole("button", { name: "Create 2 links" }).click();
  await expect(dialog).toHaveAccessibleName("2 sign-in links");
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download as CSV" }).click();
  const file = readFileSync(await (await download).path(), "utf8");
  expect(file.match(/\/connect#[\w-]{43}/g)).toHaveLength(2);
  await page.getByRole("button", { name: "Done" }).click();
  await expect(dialog).toHaveCount(0);

  await page.goto("/email/sign-in-links?view=waiting");
  for (const { address } of [ALICE, BOB])
    await page.getByRole("checkbox", { name: `Select ${address}` }).check();
  await page.getByRole("button", { name: "New links (2)" }).click();
  await dialog.getByRole("button", { name: "Create 2 new links" }).click();
  await dialog.getByRole("button", { name: "Done" }).click();
  // With the new links, which have other ids.
  await page.goto("/email/sign-in-links?view=waiting");
  for (const { address } of [ALICE, BOB])
    await page.getByRole("checkbox", { name: `Select ${address}` }).check();
  await page.getByRole("button", { name: "Revoke (2)" }).click();
  await dialog.getByRole("button", { name: "Revoke 2 links" }).click();
  await expect(rowOf(page, BOB.address)).toHaveCount(0);
});

/** A channel through the sandbox's server that knows passwords. */
async function addRelay(page: Page): Promise<void> {
  const { address, password, smtp } = installation.passwordMail;
  await page.goto("/settings/alerts/new");
  await page.getByLabel("Name").fill("Links to owners");
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

test("links and invitations go out by mail, and what became of them is shown", async ({ page }) => {
  await addRelay(page);
  const link = await newLinkFor(page, LEGACY.name);
  await page.getByRole("button", { name: "Send by mail" }).click();
  await expect(page.getByRole("dialog")).toContainText(`sent to ${LEGACY.address}.`);
  await page.getByRole("button", { name: "Done" }).click();
  await page.goto("/email/sign-in-links");
  const row = rowOf(page, LEGACY.address);
  await expect(row).toContainText(/Sent/);
  await expect.poll(newestMail).toContain(link);
  await chooseFor(page, LEGACY.address, "Send again");
  await page.getByRole("button", { name: "Send link" }).click();
  await expect.poll(newestMail).not.toContain(link);

  await page.goto("/settings/administrators");
  await page.getByRole("button", { name: "Invite a person" }).click();
  await page.getByRole("button", { name: "Create link" }).click();
  const dialog = page.getByRole("dialog", { name: "One-time link" });
  await dialog.getByRole("textbox", { name: "Email address" }).fill(LEGACY.address);
  await dialog.getByRole("button", { name: "Send by mail" }).click();
  const invitation = await dialog.getByRole("textbox", { name: "Link" }).inputValue();
  await expect.poll(newestMail).toContain(invitation);
});
