import type { Page } from "@playwright/test";
import { fillInAccount } from "./forms";
import { expect, installation, openAdvanced, signInAtSandbox, test } from "./installation";

test.describe.configure({ mode: "serial" });

async function testIsGreen(page: Page) {
  await page.getByRole("button", { name: "Test connection" }).click();
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
}

test("a shared mailbox of a tenant in GCC High gets in", async ({ page }) => {
  const { clientId, tenantId, clientSecret } = installation.governmentRegistration;
  await page.goto("/settings/cloud-providers/new");
  await page.getByLabel("Name").fill("Federal");
  await openAdvanced(page);
  await page
    .getByRole("combobox", { name: "Cloud" })
    .selectOption({ label: "Sandbox GCC High (this machine)" });
  await page.getByLabel("Application Id").fill(clientId);
  await page.getByLabel("Tenant Id").fill(tenantId);
  await page.getByRole("textbox", { name: "Client Secret" }).fill(clientSecret);
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("heading", { name: "Federal", level: 1 })).toBeVisible();

  await page.getByRole("button", { name: "Check" }).click();
  for (const subject of ["tenant", "application", "credential", "redirect_uri"])
    await expect(page.locator(`[data-finding="${subject}:ok"]`)).toBeVisible();

  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "grace@fabrikam-gov.test");
  await fillInAccount(page, {
    address: "intake@fabrikam-gov.test",
    username: "grace@fabrikam-gov.test",
    name: "Intake",
    key: "INT",
    provider: "Federal",
  });
  await testIsGreen(page);
});

test("a personal Gmail account gets in", async ({ page }) => {
  const { clientId, clientSecret } = installation.google;
  await page.goto("/settings/cloud-providers/new");
  await page.getByLabel("Name").fill("Our Gmail");
  await page.getByRole("combobox", { name: "Service" }).selectOption({ label: "Google" });
  await expect(page.getByRole("combobox", { name: "Type" })).toHaveValue("gmail");
  await page.getByLabel("Client Id").fill(clientId);
  await page.getByRole("textbox", { name: "Client Secret" }).fill(clientSecret);
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("heading", { name: "Our Gmail", level: 1 })).toBeVisible();

  // Its page at the sandbox; the provider's own names her too.
  const gina = page.getByRole("button", { name: "Gina Park gina@gmail.test" });
  await page.getByRole("button", { name: "Authenticate" }).click();
  await gina.click();
  await page.getByLabel("Only tell who I am").check();
  await page.getByRole("button", { name: "Continue" }).click();
  await expect(
    page.getByText("The sign-in was completed without any permission for mail.").first(),
  ).toBeVisible();
  await expect(
    page.getByText("tick the box that allows access to your email", { exact: false }).first(),
  ).toBeVisible();

  await page.getByRole("button", { name: "Authenticate" }).first().click();
  await gina.click();
  await page.getByRole("button", { name: "Continue" }).click();
  await page.waitForURL(/authorization=/);
  await expect(
    page.getByText("gina@gmail.test is signed in.", { exact: false }).first(),
  ).toBeVisible();
  await expect(page.getByRole("row", { name: /gina@gmail.test/ })).toContainText("Connected");
  await fillInAccount(page, {
    address: "gina@gmail.test",
    name: "Gina",
    key: "GIN",
    service: "Gmail",
    provider: "Our Gmail",
  });
  await testIsGreen(page);
});

test("a Workspace mailbox gets in by a service account, and nobody signs in", async ({ page }) => {
  const { serviceAccountKey } = installation.google;
  await page.goto("/settings/cloud-providers/new");
  await page.getByLabel("Name").fill("Wingtip");
  await page.getByRole("combobox", { name: "Service" }).selectOption({ label: "Google" });
  await page.getByLabel("How mailboxes sign in").selectOption("domain_wide");
  await page.getByLabel("Or paste its contents").fill('{"web": {}}');
  await expect(
    page.getByText("This is the file of an OAuth client", { exact: false }),
  ).toBeVisible();
  await page.locator("input[type=file]").setInputFiles({
    name: "wingtip.json",
    mimeType: "application/json",
    buffer: Buffer.from(serviceAccountKey),
  });
  const clientId = String(JSON.parse(serviceAccountKey).client_id);
  await expect(page.getByRole("textbox", { name: "Client ID", exact: true })).toHaveValue(clientId);
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("heading", { name: "Wingtip", level: 1 })).toBeVisible();
  await expect(page.getByText("domain-wide delegation", { exact: false }).first()).toBeVisible();

  await fillInAccount(page, {
    address: "desk@wingtip.test",
    name: "Wingtip Desk",
    key: "DESK",
    service: "Gmail",
    provider: "Wingtip",
  });
  await testIsGreen(page);
  await page.goto("/settings/cloud-providers");
  await page.getByRole("link", { name: "Wingtip" }).click();
  await expect(page.getByRole("row", { name: /desk@wingtip.test/ })).toContainText("Connected");
  await page.getByRole("button", { name: "Connect again" }).click();
  await expect(page.getByText("One mailbox is connected.")).toBeVisible();
  expect(await page.content()).not.toContain("PRIVATE KEY");
});
