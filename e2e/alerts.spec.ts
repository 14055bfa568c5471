import { randomBytes } from "node:crypto";
import { expect, test } from "./installation";

const ORIGIN = "https://hooks.contoso.com";

test("the address of a webhook is typed once, kept by an edit, and never shown again", async ({
  page,
}) => {
  const secret = randomBytes(12).toString("hex");
  await page.goto("/settings/alerts/new");
  await page.getByLabel("Name").fill("Operations");
  await page.getByLabel("Sent as").selectOption("Webhook");
  await page.getByLabel("Address").fill(`${ORIGIN}/services/${secret}`);
  await page.getByRole("button", { name: "Add channel" }).click();
  await expect(page.getByRole("textbox", { name: "Signing secret" })).toBeVisible();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByText(`${ORIGIN}/…`)).toBeVisible();
  const channel = new URL(page.url()).pathname;

  await page.goto(`${channel}/edit`);
  const address = page.getByLabel("Address");
  await expect(address).toHaveValue("");
  await page.getByLabel("Name").fill("Night shift");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Night shift", level: 1 })).toBeVisible();
  await expect(page.getByText(`${ORIGIN}/…`)).toBeVisible();

  await page.goto(`${channel}/edit`);
  await address.fill(`${ORIGIN}/…`);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(address).toHaveAttribute("aria-invalid", "true");
  await address.fill("https://other.contoso.com/x");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("https://other.contoso.com/…")).toBeVisible();
});
