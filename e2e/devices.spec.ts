import { execFile } from "node:child_process";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
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

const run = promisify(execFile);
const SENDER = "alice@contoso.test";
const portOf = (kind: string) =>
  new RegExp(`\\b${kind}://127\\.0\\.0\\.1:(\\d+)`).exec(installation.deviceListeners)?.[1] ?? "";

const SEND = `
import os, ssl, smtplib
context = ssl.create_default_context(cadata=os.environ["AUTHORITY"])
client = smtplib.SMTP_SSL("localhost", int(os.environ["PORT"]), context=context)
client.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
sender = os.environ["USER_NAME"]
client.sendmail(sender, [sender], b"Subject: Scanned\\r\\n\\r\\nPage 1\\r\\n")
`;
const READ = `
import os, ssl, imaplib
context = ssl.create_default_context(cadata=os.environ["AUTHORITY"])
client = imaplib.IMAP4_SSL("localhost", int(os.environ["PORT"]), ssl_context=context)
client.login(os.environ["USER_NAME"], os.environ["PASSWORD"])
client.select("INBOX")
print(client.search(None, "SUBJECT", "Scanned")[1][0].decode())
`;

async function expectAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(["wcag2a", "wcag2aa"]).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
}

test("a device is created, watched as it signs in, and revoked", async ({ page }) => {
  test.slow();
  await signIn(page);
  await addProvider(page, "Devices");
  await addAccount(page, { name: "Scans", key: "DEV1", address: SENDER, provider: "Devices" });
  await page.getByRole("button", { name: `Sign in as ${SENDER}` }).click();
  await signInAtSandbox(page, SENDER);
  await page.goto("/email/accounts");
  await page.getByRole("link", { name: "Scans", exact: true }).click();
  await page.getByRole("link", { name: "New device" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Scanner");
  await expect(page.getByRole("combobox", { name: "Email account" })).toHaveValue(/Scans/);
  await page.getByRole("checkbox", { name: "Read (IMAP)" }).check();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create Device" }).click();
  const shown = page.getByRole("dialog").getByRole("textbox", { name: "Password" });
  const password = await shown.inputValue();
  await page.getByRole("button", { name: "Done" }).click();

  await expect(page.getByRole("heading", { name: "Waiting for your device…" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "User name" })).toHaveValue(SENDER);
  const authority = await (await page.request.get("/api/deviceAuthority")).text();
  const device = (script: string, kind: string, typed = password) => {
    const env = { USER_NAME: SENDER, PASSWORD: typed, AUTHORITY: authority, PORT: portOf(kind) };
    return run("python3", ["-c", script], { env: { ...process.env, ...env }, timeout: 60_000 });
  };

  await expect(device(SEND, "smtps", `${password.slice(0, 6)}wrong`)).rejects.toThrow(/535/);
  await expect(page.getByText("Wrong password")).toBeVisible();
  await device(SEND, "smtps");
  await expect(page.getByText("Signed in", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign-ins" })).toBeVisible();
  await expectAccessible(page);
  expect((await device(READ, "imaps")).stdout.trim()).not.toBe("");

  await page.getByRole("button", { name: "Actions for Scanner" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByRole("heading", { name: "Devices", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Scanner" })).toBeHidden();
  await expect(device(SEND, "smtps")).rejects.toThrow(/535/);
});
