import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
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

test.describe.configure({ mode: "serial" });
test.afterEach(clearFaults);

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
  expect(password).toMatch(/^(?:\w{4} ){7}\w{4}$/);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await shown.press("Control+a");
  await shown.press("Control+c");
  await expect.poll(copied).toBe(password.replaceAll(" ", ""));
  await page.evaluate(() => navigator.clipboard.writeText(""));
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
    return run("python3", ["-c", script], { env: { ...process.env, ...env }, timeout: 60_000 });
  };

  await expect(device(SEND, "smtps", `${password.slice(0, 7)}wrong`)).rejects.toThrow(/535/);
  await expect(page.getByText("Wrong password")).toBeVisible();
  await device(SEND, "smtps");
  await expect(page.getByText("Signed in", { exact: true })).toBeVisible();
  await expect(page.getByRole("heading", { name: "Sign-ins" })).toBeVisible();
  await expectAccessible(page);
  expect((await device(READ, "imaps")).stdout.trim()).not.toBe("");

  await page.getByRole("link", { name: "Edit", exact: true }).click();
  await page.getByRole("textbox", { name: "Name" }).fill("Scanner, 3rd floor");
  await page.getByRole("textbox", { name: "Allowed networks" }).fill("127.0.0.1 ::1");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("Saved. The password stays the same.")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Scanner, 3rd floor" })).toBeVisible();
  await expect(page.getByText("127.0.0.1, ::1")).toBeVisible();
  await page.getByText("How to enter it in a printer, a program or a script").click();
  await page.getByRole("tab", { name: "Python", exact: true }).click();
  await expect(page.getByRole("group", { name: "Python script" })).toContainText(
    `server.login("${SENDER}", "PASSWORD")`,
  );
  await expectAccessible(page);
  await device(SEND, "smtps");

  // What its account's server refuses is told as a test of the account tells it.
  await setFault("smtp_auth_disabled_tenant");
  await expect(device(SEND, "smtps")).rejects.toThrow(/454/);
  await expect(
    page.getByRole("link", {
      name: "Sending over SMTP is switched off for the whole organisation.",
    }),
  ).toHaveAttribute("href", /\/help\/errors\/smtp\.auth_disabled_tenant$/);
  await expect(page.getByRole("link", { name: "Test the account" })).toBeVisible();
  await clearFaults();
  await device(SEND, "smtps");

  await page.goto("/email/devices");
  await page.getByRole("link", { name: /^Never used/ }).waitFor({ state: "hidden" });
  await page.getByRole("link", { name: /^Active/ }).click();
  await page.getByRole("link", { name: "Scanner, 3rd floor" }).click();
  await page.waitForURL(/\/email\/devices\/[\da-f-]+$/);
  const address = page.url();
  // The list has a menu of this name, too.
  await expect(page.getByRole("heading", { name: "Scanner, 3rd floor", level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Actions for Scanner, 3rd floor" }).click();
  await page.getByRole("menuitem", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await expect(page.getByText("Scanner, 3rd floor was revoked.")).toBeVisible();
  await expect(page.getByText(/Revoked on .* by Demo Administrator/)).toBeVisible();
  expect(page.url()).toBe(address);
  await page.getByRole("main").getByRole("link", { name: "Devices" }).click();
  await expect(page.getByRole("heading", { name: "Devices", level: 1 })).toBeVisible();
  await expect(page.getByRole("link", { name: "Scanner, 3rd floor" })).toBeHidden();
  await expect(device(SEND, "smtps")).rejects.toThrow(/535/);
  await page.getByRole("link", { name: /^Revoked/ }).click();
  await expect(page.getByText("by Demo Administrator")).toBeVisible();
  await page.getByRole("link", { name: "Scanner, 3rd floor" }).click();
  await page.waitForURL(address);
  await expect(page.getByText(/Revoked on .* by Demo Administrator/)).toBeVisible();
  await expect(page.getByText("Signed in", { exact: true }).first()).toBeVisible();
  await expectAccessible(page);
});

test("a device without an account says what is missing, and many are created from a file", async ({
  page,
}) => {
  await signIn(page);
  await page.goto("/email/devices/new");
  await page.getByRole("textbox", { name: "Name" }).fill("Scanner");
  await page.getByRole("button", { name: "Create Device" }).click();
  await expect(page.getByText("Choose an email account.")).toBeVisible();
  await page.getByRole("link", { name: "Cancel" }).click();

  await page.getByRole("link", { name: "Import" }).click();
  const lines = [
    "name,account,protocols",
    "Fax 1,DEV1,smtp",
    "Fax 2,DEV1,smtp imap",
    "Fax 3,none,",
  ];
  await page.getByLabel("File").setInputFiles({
    name: "devices.csv",
    mimeType: "text/csv",
    buffer: Buffer.from(lines.join("\n")),
  });
  await page.getByRole("button", { name: "Check the file" }).click();
  await expect(page.getByText("No email account has this key or address.")).toBeVisible();
  await expectAccessible(page);
  await page.getByRole("button", { name: "Create 2 devices" }).click();
  await expect(page.getByText("2 devices were created.")).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Download the passwords" }).click(),
  ]);
  const file = await readFile(await download.path(), "utf8");
  expect(file).toMatch(/^"name","server","user name","password",.*"SMTP port","SMTP encryption"/);
  expect(file).toContain(`"${portOf("smtps")}","SSL/TLS"`);
  const [, password = ""] = /"Fax 1",.*"(\w{32})",/.exec(file) ?? [];
  const authority = await (await page.request.get("/api/deviceAuthority")).text();
  const env = {
    USER_NAME: SENDER,
    PASSWORD: password,
    AUTHORITY: authority,
    PORT: portOf("smtps"),
  };
  await run("python3", ["-c", SEND], { env: { ...process.env, ...env }, timeout: 60_000 });

  await page.getByRole("button", { name: "Done" }).click();
  await page.getByRole("link", { name: "Show the devices" }).click();
  for (const name of ["Fax 1", "Fax 2"]) {
    await page.getByRole("button", { name: `Actions for ${name}` }).click();
    await page.getByRole("menuitem", { name: "Revoke" }).click();
    await page.getByRole("button", { name: "Revoke" }).click();
    await expect(page.getByRole("link", { name })).toBeHidden();
  }
});
