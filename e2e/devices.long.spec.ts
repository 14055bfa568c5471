import { readFile } from "node:fs/promises";
import { expectAccessible } from "./axe";
import { expect, installation, signInAtSandbox, test } from "./installation";
import { addAccount, addProvider } from "./objects";

const SENDER = "alice@contoso.test";
const portOf = (kind: string) =>
  new RegExp(`\\b${kind}://127\\.0\\.0\\.1:(\\d+)`).exec(installation.deviceListeners)?.[1] ?? "";

test("a device without an account says what is missing, and many are created from a file", async ({
  page,
}) => {
  await addProvider("Device files");
  const account = { name: "Faxes", key: "DEV2", address: SENDER, provider: "Device files" };
  await page.goto(await addAccount(account));
  await page.getByRole("button", { name: `Sign in as ${SENDER}` }).click();
  await signInAtSandbox(page, SENDER);
  await page.goto("/email/devices/new");
  await page.getByRole("textbox", { name: "Name" }).fill("Scanner");
  await page.getByRole("button", { name: "Create Device" }).click();
  await expect(page.getByText("Choose an email account.")).toBeVisible();
  await page.getByRole("link", { name: "Cancel" }).click();

  await page.getByRole("link", { name: "Import" }).click();
  const lines = [
    "name,account,protocols",
    "Fax 1,DEV2,smtp",
    "Fax 2,DEV2,smtp imap",
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
  expect(file).toMatch(/"Fax 1",.*"\w{32}",/);
});
