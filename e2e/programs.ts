import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { installation, signInAtSandbox } from "./installation";
import { addAccount, addProvider } from "./objects";

export const SENDER = "alice@contoso.test";
export const RECEIVER = "bob@contoso.test";

type Program = { program: string; args: string[] };

export const NODE: Program = { program: process.execPath, args: ["docs/clients/mail.mjs"] };

/** An account that is signed in. @returns its id */
export async function addSignedIn(page: Page, provider: string): Promise<string> {
  await addProvider(provider);
  const path = await addAccount({ name: "Sender", key: "PRG1", address: SENDER, provider });
  await page.goto(path);
  await page.getByRole("button", { name: `Sign in as ${SENDER}` }).click();
  await signInAtSandbox(page, SENDER);
  return path.split("/").at(-1) ?? "";
}

/** A key for a program, as it is shown once. */
export async function addKey(page: Page, name: string): Promise<string> {
  await page.goto("/settings/api-keys");
  await page.getByRole("button", { name: "New API key" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Name").fill(name);
  const mail = ["Fetch access tokens", "Send messages", "List the newest messages"];
  const changes = ["Change email accounts", "Change contacts"];
  for (const label of [...mail, ...changes, "Read contacts", "Read cloud providers"])
    await dialog.getByLabel(label).check();
  await dialog.getByRole("button", { name: "Create key" }).click();
  const key = await dialog.getByLabel("API key", { exact: true }).inputValue();
  await dialog.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name })).toBeVisible();
  return key;
}

/** Sends a message from an account, as the documentation says. */
export async function runProgram({ program, args }: Program, key: string, account: string) {
  const { caFile, url } = installation;
  const { stdout } = await promisify(execFile)(program, args, {
    env: {
      ...process.env,
      POSTKEY_URL: url,
      POSTKEY_API_KEY: key,
      POSTKEY_ACCOUNT: account,
      MAIL_TO: RECEIVER,
      // Whom each of them asks about the sandbox's certificates.
      NODE_EXTRA_CA_CERTS: caFile,
      SSL_CERT_FILE: caFile,
      CURL_CA_BUNDLE: caFile,
    },
  });
  return stdout;
}
