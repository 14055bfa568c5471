import type { Page } from "@playwright/test";
import { expect, installation, openAdvanced, setFault, test } from "./installation";
import { type Application, addAccount, serviceApplication } from "./objects";

test.describe.configure({ mode: "serial" });

async function addProviderWith(
  page: Page,
  fields: Application & { name: string; way: string },
): Promise<void> {
  await page.goto("/settings/cloud-providers/new");
  await page.getByLabel("Name").fill(fields.name);
  await openAdvanced(page);
  await page.getByLabel("How mailboxes sign in").selectOption(fields.way);
  await page.getByLabel("Application Id").fill(fields.clientId);
  await page.getByLabel("Tenant Id").fill(fields.tenantId);
  await page.getByRole("textbox", { name: "Client Secret" }).fill(fields.clientSecret);
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("heading", { name: fields.name, level: 1 })).toBeVisible();
}

test("an application opens mailboxes by itself, with a certificate that was made here", async ({
  page,
}) => {
  const application = await serviceApplication();
  await addProviderWith(page, { ...application, name: "By itself", way: "app_only" });
  await page.getByRole("button", { name: "Actions for By itself" }).click();
  await page.getByRole("menuitem", { name: "Generate certificate" }).click();
  await page.getByRole("button", { name: "Generate certificate" }).click();
  await expect(page.getByText("A certificate is waiting to be used")).toBeVisible();

  // Before the platform knows it, it is refused, and the secret stays in use.
  await page.getByRole("button", { name: "Prove and use" }).click();
  await expect(page.getByText("Upload it there first", { exact: false }).first()).toBeVisible();
  const link = page.getByRole("link", { name: "Download .cer" }).first();
  const downloaded = await page.request.get((await link.getAttribute("href")) ?? "");
  const certificate = await downloaded.text();
  expect(certificate).toContain("BEGIN CERTIFICATE");
  expect(certificate).not.toContain("PRIVATE");
  const upload = `/registrations/${application.clientId}/certificates`;
  await fetch(new URL(upload, installation.controlUrl), {
    method: "POST",
    body: new URLSearchParams({ certificate }),
  });
  await page.getByRole("button", { name: "Prove and use" }).click();
  await expect(page.getByText("A certificate is waiting to be used")).toBeHidden();

  await page.getByRole("button", { name: "Connect", exact: true }).click();
  await expect(page.getByRole("button", { name: "Connect again" })).toBeVisible();
  await expect(page.getByText("SMTP.SendAsApp").first()).toBeVisible();
  expect(await page.content()).not.toContain("PRIVATE KEY");

  const account = { name: "Sales by itself", key: "SELF", address: "sales@contoso.test" };
  await page.goto(await addAccount({ ...account, provider: "By itself" }));
  await page.getByRole("button", { name: "Test connection" }).first().click();
  await expect(page.getByText("IMAP, SMTP and POP3 work.")).toBeVisible();
});

test("a mailbox signs in on another device, and a reload loses nothing", async ({
  page,
  context,
}) => {
  await setFault("fast_device_code", { on: "true" });
  const { registration } = installation;
  await addProviderWith(page, { ...registration, name: "Other device", way: "device_code" });
  await page.getByRole("button", { name: "Authenticate" }).click();
  const dialog = page.getByRole("dialog", { name: "Sign in on another device" });
  await expect(dialog).toBeVisible();
  await page.reload();
  await expect(dialog).toBeVisible();
  const code = await dialog.getByRole("textbox", { name: "Code" }).inputValue();
  const address = await dialog.getByRole("textbox", { name: "Address" }).inputValue();

  const device = await context.newPage();
  await device.goto(address);
  await device.getByLabel("Code").fill(code);
  await device.getByRole("button", { name: "Next" }).click();
  await device.getByText("alice@contoso.test", { exact: true }).click();
  await expect(device.getByText("You can close this page", { exact: false })).toBeVisible();
  await device.close();

  await expect(dialog).toBeHidden();
  await expect(
    page.getByText("alice@contoso.test is signed in", { exact: false }).first(),
  ).toBeVisible();
});
