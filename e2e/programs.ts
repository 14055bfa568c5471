import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, type Page } from "@playwright/test";
import { addAccount, addProvider, installation, signInAtSandbox } from "./installation";

export const SENDER = "alice@contoso.test";
export const RECEIVER = "bob@contoso.test";

type Program = { program: string; args: string[] };

export const NODE: Program = { program: process.execPath, args: ["docs/clients/mail.mjs"] };

/** An account that is signed in. @returns its id */
export async function addSignedIn(page: Page, provider: string): Promise<string> {
  await addProvider(page, provider);
  await addAccount(page, { name: "Sender", key: "PRG1", address: SENDER, provider });
  const id = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await page.getByRole("button", { name: `Sign in as ${SENDER}` }).click();
  await signInAtSandbox(page, SENDER);
  return id;
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

/** What a program that knows nothing but the address and the key gets. */
export async function api(key: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(new URL(path, installation.url), {
    method: body ? "POST" : "GET",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    ...(body && { body: JSON.stringify(body) }),
  });
  expect(response.status, `${path}: ${await response.clone().text()}`).toBeLessThan(300);
  return response.json();
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
