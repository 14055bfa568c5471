import { expect, type Page } from "@playwright/test";
import { choose, installation } from "./installation";

/** Registers the sandbox's application, as a person does. */
export async function fillInProvider(page: Page, name: string): Promise<void> {
  const { clientId, tenantId, clientSecret } = installation.registration;
  await page.goto("/settings/cloud-providers/new");
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Application Id").fill(clientId);
  await page.getByLabel("Tenant Id").fill(tenantId);
  await page.getByRole("textbox", { name: "Client Secret" }).fill(clientSecret);
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
}

type Fields = {
  name: string;
  key: string;
  address: string;
  provider: string;
  /** Other than Outlook365. */
  service?: string;
  /** Who signs in, where it is not the address. */
  username?: string;
};

export async function fillInAccount(page: Page, fields: Fields): Promise<void> {
  await page.goto("/email/accounts/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill(fields.name);
  await page.getByRole("textbox", { name: "Key" }).fill(fields.key);
  await page.getByRole("textbox", { name: "Email Address" }).fill(fields.address);
  if (fields.service)
    await page.getByRole("combobox", { name: "Service" }).selectOption({ label: fields.service });
  if (fields.username) await page.getByRole("textbox", { name: "Username" }).fill(fields.username);
  await choose(page.getByRole("combobox", { name: "Cloud Provider" }), fields.provider);
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("heading", { name: fields.name, level: 1 })).toBeVisible();
}
