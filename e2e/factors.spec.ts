import { readFileSync } from "node:fs";
import type { Browser, CDPSession, Page } from "@playwright/test";
import { Secret, TOTP } from "otpauth";
import { query } from "./database";
import { expect, installation, strangersPage, test } from "./installation";
import { addPerson } from "./objects";

test.describe.configure({ mode: "serial" });

const EMAIL = "carol@factors.example";
const PASSWORD = installation.password;

let secret = "";
let recoveryCodes: string[] = [];

test.beforeAll(() => addPerson({ role: "Administrator", name: "Carol", email: EMAIL }));

test.afterAll(async () => {
  await query(`UPDATE "Installation" SET "secondFactorRoles" = '{}'`);
  await query(`DELETE FROM "Administrator" WHERE email = $1`, [EMAIL]);
});

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

/** Carol, in a browser of her own. */
async function signedIn(browser: Browser): Promise<Page> {
  const carol = await strangersPage(browser);
  await typePassword(carol);
  await typeCode(carol, nextRecoveryCode());
  await expect(overview(carol)).toBeVisible();
  return carol;
}

async function setUpApp(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const dialog = page.getByRole("dialog");
  secret = await dialog.getByRole("textbox", { name: "Secret" }).inputValue();
  await expect(dialog.getByRole("img", { name: /QR code/ })).toBeVisible();
  const code = dialog.getByLabel("Code from the app");
  await code.fill(codeIn(10));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  await expect(code).toHaveAttribute("aria-invalid", "true");
  await code.fill(codeIn(0));
  await dialog.getByRole("button", { name: "Turn on" }).click();
  const codes = page.getByRole("list", { name: "Recovery codes" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  recoveryCodes = await codes.allTextContents();
  // There is no other way to close it than to say that they are kept.
  await expect(dialog.getByRole("button", { name: "Copy", exact: true })).toBeFocused();
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect(codes).toHaveCount(10);
  const saved = page.waitForEvent("download");
  await page.getByRole("button", { name: "Download" }).click();
  const file = readFileSync(await (await saved).path(), "utf8");
  const [head, ...codesInFile] = file.trim().split(/\n+/);
  expect(head).toContain(`${EMAIL} for Postkey at ${installation.url}`);
  expect(codesInFile).toEqual(recoveryCodes);
  await page.getByRole("button", { name: "I've saved them" }).click();
  await expect(page.getByText("10 recovery codes are left.")).toBeVisible();
}

test("an authenticator app is set up on the profile, and asked for at the next sign-in", async ({
  browser,
}) => {
  const carol = await strangersPage(browser);
  const elsewhere = await strangersPage(browser);
  for (const page of [carol, elsewhere]) {
    await typePassword(page);
    await expect(overview(page)).toBeVisible();
  }
  await carol.goto("/profile");
  await setUpApp(carol);
  await elsewhere.goto("/profile");
  await expect(elsewhere).toHaveURL(/sign-in/);
  await elsewhere.context().close();
  await carol.context().clearCookies();

  await typePassword(carol);
  const code = carol.getByLabel("Code", { exact: true });
  await expect(code).toBeFocused();
  await carol.goto("/profile");
  await expect(carol).toHaveURL(/sign-in/);
  await typePassword(carol);
  await typeCode(carol, "0000-0000-0000-0000");
  await expect(carol.getByText(/unused recovery codes/)).toBeVisible();
  await typeCode(carol, codeIn(1));
  await expect(overview(carol)).toBeVisible();
  await carol.context().close();
});

test("a link for a new password asks for the code as well", async ({ page, browser }) => {
  await page.goto("/settings/administrators");
  await page.getByRole("link", { name: "Carol" }).click();
  await page.getByRole("button", { name: "Create a password link" }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  const carol = await strangersPage(browser);
  const stored = `SELECT "passwordHash" FROM "Administrator" WHERE email = $1`;
  const [before] = await query(stored, [EMAIL]);
  await carol.goto(link);
  await carol.getByLabel("New password", { exact: true }).fill(`${PASSWORD}, and more of it`);
  await carol.getByRole("button", { name: "Change password" }).click();
  await expect(carol.getByLabel("Code", { exact: true })).toBeFocused();
  await typeCode(carol, nextRecoveryCode());
  await expect(overview(carol)).toBeVisible();
  await carol.context().close();
  await query(`UPDATE "Administrator" SET "passwordHash" = $1 WHERE email = $2`, [
    before.passwordHash,
    EMAIL,
  ]);
});

const forgetProof = () =>
  query(
    `UPDATE "Session" SET "provenAt" = 'epoch' WHERE "administratorId" =
       (SELECT id FROM "Administrator" WHERE email = $1)`,
    [EMAIL],
  );

test("what is dangerous asks again who sits there, and goes on by itself", async ({ browser }) => {
  const carol = await signedIn(browser);
  await forgetProof();
  const proof = carol.getByRole("dialog", { name: "Confirm it's you" });
  const confirm = async (password: string) => {
    await proof.getByLabel("Your password", { exact: true }).fill(password);
    await proof.getByLabel("Code").fill(nextRecoveryCode());
    await proof.getByRole("button", { name: "Confirm" }).click();
  };
  const form = carol.getByRole("dialog", { name: "New API key" });
  await carol.goto("/settings/api-keys");
  await carol.getByRole("button", { name: "New API key" }).click();
  await form.getByRole("textbox", { name: "Name" }).fill("Typed once");
  await form.getByLabel("Read contacts").check();
  await form.getByRole("button", { name: "Create key" }).click();
  await expect(proof.getByLabel("Your password", { exact: true })).toBeFocused();
  await carol.keyboard.press("Escape");
  await expect(proof).toBeHidden();
  await expect(form.getByRole("textbox", { name: "Name" })).toHaveValue("Typed once");
  await form.getByRole("button", { name: "Create key" }).click();
  await confirm("some other sentence");
  await expect(proof.getByText("This is not your password.")).toHaveCount(1);
  await confirm(PASSWORD);
  await expect(proof).toBeHidden();
  await expect(form.getByLabel("API key", { exact: true })).toHaveValue(/^pk_/);

  await forgetProof();
  await carol.goto("/settings/audit");
  const saved = carol.waitForEvent("download");
  await carol.getByRole("link", { name: "JSON lines" }).click();
  await confirm(PASSWORD);
  expect((await saved).suggestedFilename()).toMatch(/^postkey-audit-.*\.jsonl$/);
  await forgetProof();
  expect((await carol.request.get("/api/auditEvents")).status()).toBe(403);
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
  const carol = await signedIn(browser);
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

test("a role that needs a second factor leads to its set-up before anything else", async ({
  page,
  browser,
}) => {
  await query(`UPDATE "Administrator" SET role = 'operator' WHERE email = $1`, [EMAIL]);
  await page.goto("/settings/administrators");
  await page.getByRole("checkbox", { name: "Operator" }).check();
  await page.getByRole("region", { name: "Second factor" }).getByRole("button").click();
  await expect(page.getByText(/need a second factor were saved/)).toBeVisible();
  await page.getByRole("link", { name: "Carol" }).click();
  await page.getByRole("button", { name: "Remove second factors" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Remove" }).click();
  await expect(
    page.getByText("The second factors of Carol were removed.", { exact: false }),
  ).toBeVisible();

  const carol = await strangersPage(browser);
  await typePassword(carol);
  await carol.waitForURL(/second-factor/);
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
