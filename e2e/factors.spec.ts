import { readFileSync } from "node:fs";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, CDPSession, Locator, Page, Route } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { Client } from "pg";
import { expect, installation, invite, joinBy, signIn, test } from "./installation";
import { refreshData } from "./ready";

// Each signs in several times, and looks at pages as a whole.
test.describe.configure({ mode: "serial", timeout: 240_000 });

const EMAIL = "carol@example.com";
const PASSWORD = "the only sentence of Carol";
const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

let secret = "";
let recoveryCodes: string[] = [];

async function query(sql: string, ...values: unknown[]): Promise<Record<string, string>[]> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  const { rows } = await client.query<Record<string, string>>(sql, values);
  await client.end();
  return rows;
}

test.beforeAll(async ({ browser }) => {
  const context = await browser.newContext({ baseURL: installation.url });
  const page = await context.newPage();
  await signIn(page);
  const link = await invite(page, { role: "Administrator", name: "Carol", email: EMAIL });
  await context.clearCookies();
  await joinBy(page, link, PASSWORD);
  await context.close();
});

test.afterAll(async () => {
  await query(`UPDATE "Installation" SET "secondFactorRoles" = '{}'`);
  await query(`DELETE FROM "Administrator" WHERE email = $1`, EMAIL);
});

/** Carol, in a browser of her own. */
async function carolsPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: installation.url });
  return context.newPage();
}

async function typePassword(page: Page): Promise<void> {
  await page.goto("/sign-in");
  await page.getByLabel("Email").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

async function typeCode(page: Page, code: string): Promise<void> {
  await page.getByLabel("Code", { exact: true }).fill(code);
  await page.getByRole("button", { name: "Continue" }).click();
}

const overview = (page: Page) => page.getByRole("heading", { name: "Overview" });
const nextRecoveryCode = () => recoveryCodes.shift() ?? "";

/** The code that the app shows in so many half minutes. */
function codeIn(halfMinutes: number): string {
  const timestamp = Date.now() + halfMinutes * 30_000;
  return new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp });
}

/** @param within where the rest lies below a dialog, partly covered */
async function expectAccessible(page: Page, within = "body"): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).include(within).withTags(WCAG).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
}

async function setUpApp(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const dialog = page.getByRole("dialog");
  secret = await dialog.getByRole("textbox", { name: "Secret" }).inputValue();
  await expect(dialog.getByRole("img", { name: /QR code/ })).toBeVisible();
  await expectAccessible(page);
  await dialog.getByLabel("Code from the app").fill(codeIn(10));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(dialog.getByText(/clock of your phone/)).toBeVisible();
  await dialog.getByLabel("Code from the app").fill(codeIn(0));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  recoveryCodes = await codes.allTextContents();
  await expect(
    page.getByText("all your other sessions have ended", { exact: false }),
  ).toBeVisible();
  await expectAccessible(page);
  // A second Enter closes nothing, and there is no other way to than to say that they are kept.
  await expect(dialog.getByRole("button", { name: "Copy", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(codes).toHaveCount(10);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = await saved;
  expect(file.suggestedFilename()).toBe("postkey-recovery-codes.txt");
  const [head, ...codesInFile] = readFileSync(await file.path(), "utf8")
    .trim()
    .split(/\n+/);
  expect(head).toContain(`Recovery codes of ${EMAIL} for Postkey at ${installation.url}`);
  expect(head).toMatch(/created on \d+ \w{3} \d{4}$/);
  expect(codesInFile).toEqual(recoveryCodes);
  await page.keyboard.press("Escape");
  await expect(codes).toHaveCount(10);
  const leaving = page.waitForEvent("dialog");
  await page.evaluate(() => setTimeout(() => window.location.reload()));
  const question = await leaving;
  expect(question.type()).toBe("beforeunload");
  await question.dismiss();
  await expect(codes).toHaveCount(10);
  // The section below them is that of an app that is set up by now.
  await refreshData(page);
  await expect(page.getByText("10 recovery codes are left.")).toHaveCount(1);
  await expect(codes).toHaveCount(10);
  await page.getByRole("button", { name: "I have kept them" }).click();
}

test("an authenticator app is set up on the profile, and asked for at the next sign-in", async ({
  browser,
}) => {
  const carol = await carolsPage(browser);
  await typePassword(carol);
  await expect(overview(carol)).toBeVisible();
  await carol.goto("/profile");
  const elsewhere = await carolsPage(browser);
  await typePassword(elsewhere);
  await expect(overview(elsewhere)).toBeVisible();
  await setUpApp(carol);
  await expect(carol.getByText("10 recovery codes are left.")).toBeVisible();
  // The button that opened the dialog is gone, and what took its place has the focus.
  const section = carol.locator("section:focus-within");
  await expect(section.getByRole("heading", { name: "Authenticator app" })).toBeVisible();
  await carol.getByRole("button", { name: "Create new recovery codes" }).click();
  const question = carol.getByRole("dialog", { name: "Create new recovery codes?" });
  await expect(question.getByText(/codes that you kept stop working/)).toBeVisible();
  await question.getByRole("button", { name: "Cancel" }).click();
  await expect(carol.getByText("10 recovery codes are left.")).toBeVisible();
  await elsewhere.goto("/profile");
  await expect(elsewhere).toHaveURL(/sign-in/);
  await elsewhere.context().close();
  await carol.context().clearCookies();

  await typePassword(carol);
  await expect(carol.getByLabel("Code", { exact: true })).toBeFocused();
  await expectAccessible(carol);
  await carol.goto("/profile");
  await expect(carol).toHaveURL(/sign-in/);
  await typePassword(carol);
  await typeCode(carol, "0000-0000-0000-0000");
  await expect(carol.getByText(/unused recovery codes/)).toBeVisible();
  await typeCode(carol, codeIn(1));
  await expect(overview(carol)).toBeVisible();
  await carol.goto("/profile");
  await expect(carol.getByRole("cell", { name: "Password and code" })).toBeVisible();
  await carol.context().close();
});

test("without the phone, a recovery code lets in once", async ({ browser }) => {
  const carol = await carolsPage(browser);
  const code = nextRecoveryCode();
  await typePassword(carol);
  await expect(carol.getByLabel("Code", { exact: true })).toBeFocused();
  await carol.getByRole("button", { name: "Continue" }).click();
  await expect(carol.getByText("Enter the code.")).toBeVisible();
  await typeCode(carol, ` ${code.toUpperCase()} `);
  await expect(overview(carol)).toBeVisible();
  await expect(carol.getByText("You used a recovery code: 9 are left.")).toBeVisible();
  await carol.goto("/profile");
  await expect(carol.getByText("9 recovery codes are left.")).toBeVisible();
  await carol.context().clearCookies();
  await typePassword(carol);
  await typeCode(carol, code);
  await expect(carol.getByText(/unused recovery codes/)).toBeVisible();
  await carol.context().close();
});

test("a link for a new password asks for the code as well, and lets in behind it", async ({
  page,
  browser,
}) => {
  await signIn(page);
  await page.goto("/settings/administrators");
  await page.getByRole("link", { name: "Carol" }).click();
  await page.getByRole("button", { name: "Create a password link" }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  const carol = await carolsPage(browser);
  const [before] = await query(
    `SELECT "passwordHash" FROM "Administrator" WHERE email = $1`,
    EMAIL,
  );
  await carol.goto(link);
  await carol.getByLabel("New password", { exact: true }).fill(PASSWORD);
  await carol.getByRole("button", { name: "Change password" }).click();
  await expect(carol.getByText(/differs from earlier ones/)).toBeVisible();
  await carol.getByLabel("New password", { exact: true }).fill(`${PASSWORD}, and more of it`);
  await carol.getByRole("button", { name: "Change password" }).click();
  await expect(carol.getByLabel("Code", { exact: true })).toBeFocused();
  await expectAccessible(carol);
  await typeCode(carol, "0000-0000-0000-0000");
  await expect(carol.getByText(/unused recovery codes/)).toBeVisible();
  await typeCode(carol, nextRecoveryCode());
  await expect(overview(carol)).toBeVisible();
  await carol.goto("/profile");
  await expect(carol.getByRole("heading", { name: "Your profile" })).toBeVisible();
  await carol.context().close();
  await query(
    `UPDATE "Administrator" SET "passwordHash" = $1 WHERE email = $2`,
    before?.passwordHash ?? "",
    EMAIL,
  );
});

const forgetProof = () =>
  query(
    `UPDATE "Session" SET "provenAt" = 'epoch' WHERE "administratorId" =
       (SELECT id FROM "Administrator" WHERE email = $1)`,
    EMAIL,
  );

test("what is dangerous asks again who sits there, and goes on by itself", async ({ browser }) => {
  const carol = await carolsPage(browser);
  await typePassword(carol);
  await typeCode(carol, nextRecoveryCode());
  await expect(overview(carol)).toBeVisible();
  await forgetProof();

  const proof = carol.getByRole("dialog", { name: "Confirm it's you" });
  const form = carol.getByRole("dialog", { name: "New API key" });
  await carol.goto("/settings/api-keys");
  await carol.getByRole("button", { name: "New API key" }).click();
  await form.getByRole("textbox", { name: "Name" }).fill("Typed once");
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(proof.getByLabel("Your password", { exact: true })).toBeFocused();
  await expectAccessible(carol, "[role=dialog]:has([autocomplete=current-password])");
  await carol.keyboard.press("Escape");
  await expect(proof).toBeHidden();
  await expect(form.getByText("Confirm that it's you.")).toBeVisible();
  await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue("Typed once");
  await form.getByRole("button", { name: "Create key" }).click();
  await proof.getByLabel("Your password", { exact: true }).fill("some other sentence");
  await proof.getByLabel("Code").fill(nextRecoveryCode());
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof.getByText("This is not your password.")).toHaveCount(1);
  await proof.getByLabel("Your password", { exact: true }).fill(PASSWORD);
  await proof.getByLabel("Code").fill(nextRecoveryCode());
  await proof.getByRole("button", { name: "Confirm" }).click();
  await expect(proof).toBeHidden();
  await expect(form.getByLabel("API key", { exact: true })).toHaveValue(/^pk_/);

  await forgetProof();
  await carol.goto("/settings/audit");
  const saved = carol.waitForEvent("download");
  await carol.getByRole("link", { name: "JSON lines" }).click();
  await proof.getByLabel("Your password", { exact: true }).fill(PASSWORD);
  await proof.getByLabel("Code").fill(nextRecoveryCode());
  await proof.getByRole("button", { name: "Confirm" }).click();
  expect((await saved).suggestedFilename()).toMatch(/^postkey-audit-.*\.jsonl$/);
  await forgetProof();
  const refused = await carol.request.get("/api/auditEvents");
  expect(refused.status()).toBe(403);
  expect(await refused.json()).toMatchObject({ title: "proof_required" });
  await query(`DELETE FROM "ApiKey" WHERE name = 'Typed once'`);
  await carol.context().close();
});

/** A device with a fingerprint reader, which agrees by itself. */
async function plugIn(page: Page): Promise<{ cdp: CDPSession; authenticatorId: string }> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return { cdp, authenticatorId };
}

/** From now on pages offer no passkey by themselves: the device would agree before anybody presses a button. */
const offerNone = (page: Page) =>
  page.addInitScript(() => {
    PublicKeyCredential.isConditionalMediationAvailable = async () => false;
  });

async function leave(page: Page): Promise<void> {
  await page.context().clearCookies();
  await page.goto("/sign-in");
}

test("a passkey signs in without a name, and a copy of it does not", async ({ browser }) => {
  const carol = await carolsPage(browser);
  await typePassword(carol);
  await typeCode(carol, nextRecoveryCode());
  await expect(overview(carol)).toBeVisible();
  const { cdp, authenticatorId } = await plugIn(carol);
  await carol.goto("/profile");
  const add = async (name: string) => {
    await carol.getByRole("button", { name: "Add a passkey" }).click();
    const field = carol.getByRole("dialog").getByLabel("Name");
    await expect(field).toHaveValue(/^Chrome on /);
    await field.fill(name);
    await carol.getByRole("dialog").getByRole("button", { name: "Continue" }).click();
  };
  await add("Work laptop");
  await expect(carol.getByText("The passkey was added.")).toBeVisible();
  await expect(carol.getByRole("cell", { name: "Work laptop", exact: true })).toBeVisible();
  await expectAccessible(carol);
  await add("The same again");
  await expect(carol.getByText(/already has a passkey/)).toBeVisible();

  // Offered below the field for the name, where the device agrees by itself.
  await leave(carol);
  await expect(overview(carol)).toBeVisible();

  await offerNone(carol);
  const use = carol.getByRole("button", { name: "Sign in with a passkey" });
  await leave(carol);
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: false });
  const isAsked = carol.waitForResponse((response) => response.request().method() === "POST");
  await use.click();
  await isAsked;
  await expect(use).toBeEnabled();
  await expect(carol).toHaveURL(/sign-in/);
  await carol.goto("/profile");
  await expect(carol).toHaveURL(/sign-in/);
  await cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified: true });
  const [copy] = (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials;
  if (!copy) throw new Error("The device has no passkey.");
  await leave(carol);
  await use.click();
  await expect(overview(carol)).toBeVisible();
  await carol.goto("/profile");
  await expect(carol.getByRole("cell", { name: "Passkey", exact: true }).first()).toBeVisible();

  await leave(carol);
  const { credentialId } = copy;
  await cdp.send("WebAuthn.removeCredential", { authenticatorId, credentialId });
  await cdp.send("WebAuthn.addCredential", {
    authenticatorId,
    credential: { ...copy, signCount: 0 },
  });
  await use.click();
  await expect(carol.getByText(/may be a copy of this passkey/)).toBeVisible();
  await expect(carol).toHaveURL(/sign-in/);
  await expectNoSecondClick(carol, use);
  await typePassword(carol);
  await typeCode(carol, nextRecoveryCode());
  await expect(overview(carol)).toBeVisible();
  await carol.goto("/profile");
  await expect(carol.getByText("Refused", { exact: true })).toBeVisible();
  await carol.getByRole("button", { name: "Remove Work laptop" }).click();
  await carol.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(carol.getByText("Work laptop was removed.")).toBeVisible();
  await carol.context().close();
});

/** While a password is looked at, the button that moves below the pointer takes no click. */
async function expectNoSecondClick(page: Page, below: Locator): Promise<void> {
  const held = new Promise<Route>((hold) => page.route("**/api/auth/callback/**", hold));
  await typePassword(page);
  const request = await held;
  await expect(below).toBeDisabled();
  await request.continue();
  await expect(page.getByLabel("Code", { exact: true })).toBeVisible();
  await page.unroute("**/api/auth/callback/**");
}

test("a role that needs a second factor leads to its set-up before anything else", async ({
  page,
  browser,
}) => {
  await query(`UPDATE "Administrator" SET role = 'operator' WHERE email = $1`, EMAIL);
  await signIn(page);
  await page.goto("/settings/administrators");
  await page.getByRole("checkbox", { name: "Operator" }).check();
  await page.getByRole("region", { name: "Second factor" }).getByRole("button").click();
  await expect(page.getByText(/need a second factor were saved/)).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("link", { name: "Carol" }).click();
  await page.getByRole("button", { name: "Remove second factors" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(
    page.getByText("The second factors of Carol were removed.", { exact: false }),
  ).toBeVisible();

  const carol = await carolsPage(browser);
  await typePassword(carol);
  await carol.waitForURL(/second-factor/);
  await expectAccessible(carol);
  await carol.goto("/email/accounts");
  await expect(carol).toHaveURL(/second-factor/);
  expect((await carol.request.get("/api/emailAccounts")).status()).toBe(403);
  await setUpApp(carol);
  await carol.getByRole("link", { name: "Continue" }).click();
  await expect(carol).not.toHaveURL(/second-factor/);
  await carol.goto("/profile");
  await expect(carol.getByRole("heading", { name: "Your profile" })).toBeVisible();
  await carol.getByRole("button", { name: "Remove the app" }).click();
  await carol.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(carol.getByText(/Add another one before you remove/)).toBeVisible();
  await carol.context().close();
});
