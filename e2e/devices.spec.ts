import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { clearFaults, expect, installation, setFault, signInAtSandbox, test } from "./installation";
import { addAccount, addProvider } from "./objects";

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

test("a device is created, watched as it signs in, and revoked", async ({ page }) => {
  await addProvider("Devices");
  const account = { name: "Scans", key: "DEV1", address: SENDER, provider: "Devices" };
  await page.goto(await addAccount(account));
  await page.getByRole("button", { name: `Sign in as ${SENDER}` }).click();
  await signInAtSandbox(page, SENDER);
  await page.goto("/email/accounts");
  await page.getByRole("link", { name: "Scans", exact: true }).click();
  await page.getByRole("link", { name: "New device" }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Scanner");
  await expect(page.getByRole("combobox", { name: "Email account" })).toHaveValue(/Scans/);
  await page.getByRole("checkbox", { name: "Read (IMAP)" }).check();
  await page.getByRole("button", { name: "Create Device" }).click();
  const shown = page.getByRole("dialog").getByRole("textbox", { name: "Password" });
  const password = await shown.inputValue();
  expect(password).toMatch(/^(?:\w{4} ){7}\w{4}$/);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await page.getByRole("button", { name: "Copy Password" }).click();
  await expect.poll(copied).toBe(password.replaceAll(" ", ""));
  await page.getByRole("button", { name: "Done" }).click();

  await expect(page.getByRole("heading", { name: "Waiting for your device…" })).toBeVisible();
  await expect(page.getByRole("textbox", { name: "User name" })).toHaveValue(SENDER);
  const downloading = page.waitForEvent("download");
  await page.getByRole("link", { name: "download the certificate" }).click();
  const authority = await readFile(await (await downloading).path(), "utf8");
  const device = (script: string, kind: string, typed = password) => {
    const env = { USER_NAME: SENDER, PASSWORD: typed, AUTHORITY: authority, PORT: portOf(kind) };
    return run("python3", ["-c", script], { env: { ...process.env, ...env } });
  };

  await expect(device(SEND, "smtps", `${password.slice(0, 7)}wrong`)).rejects.toThrow(/535/);
  await expect(page.getByText("Wrong password")).toBeVisible();
  await device(SEND, "smtps");
  await expect(page.getByText("Signed in", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign-ins" })).toBeVisible();
  expect((await device(READ, "imaps")).stdout.trim()).not.toBe("");

  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Scanner, 3rd floor");
  await page.getByRole("textbox", { name: "Allowed networks" }).fill("127.0.0.1 ::1");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Scanner, 3rd floor" })).toBeVisible();
  await expect(page.getByText("127.0.0.1, ::1")).toBeVisible();

  // What its account's server refuses is told as a test of the account tells it.
  await setFault("smtp_auth_disabled_tenant");
  await expect(device(SEND, "smtps")).rejects.toThrow(/454/);
  const remedy = page.locator("a[href*='/help/errors/smtp.auth_disabled_tenant']");
  await expect(remedy.first()).toBeVisible();
  await clearFaults();
  await device(SEND, "smtps");

  await page.getByRole("button", { name: "Actions for Scanner, 3rd floor" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText(/Revoked on .* by Demo Administrator/)).toBeVisible();
  await expect(device(SEND, "smtps")).rejects.toThrow(/535/);
  const revoked = page.getByRole("link", { name: "Scanner, 3rd floor" });
  await page.goto("/email/devices?search=scanner");
  await expect(revoked).toBeHidden();
  await page.getByRole("link", { name: /^Revoked/ }).click();
  await expect(revoked).toBeVisible();
});
