import type { Page } from "@playwright/test";
import { query } from "./database";
import { expect, test } from "./installation";

const NAME = "Own server";
const text = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });
const section = (page: Page, title: string) =>
  page
    .locator("section")
    .filter({ has: page.getByRole("heading", { name: title, exact: true, level: 2 }) });

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name = $1`, [NAME]);
});

async function enterHosts(page: Page, host: string): Promise<void> {
  for (const protocol of ["IMAP", "SMTP", "POP3"]) await text(page, `${protocol} host`).fill(host);
  await page.getByRole("textbox", { name: "Password" }).fill("a password of its own");
}

test("a Custom account shows where it is, and says that it works after a test alone", async ({
  page,
}) => {
  const told = (host: string) =>
    page.getByRole("status").getByText(`The mail server's name does not exist: ${host}.`);
  await page.goto("/email/accounts/new");
  await page.getByRole("combobox", { name: "Service" }).selectOption({ label: "Custom" });
  await text(page, "Name").fill(NAME);
  await text(page, "Key").fill("OWN");
  await text(page, "Email Address").fill("legacy@fabrikam.test");
  await text(page, "Username").fill("legacy@fabrikam.test");
  await enterHosts(page, "mail.nosuch.invalid");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("heading", { name: NAME, level: 1 })).toBeVisible();
  await expect(page.getByText("mail.nosuch.invalid:993 (TLS)")).toBeVisible();
  await expect(page.getByText("mail.nosuch.invalid:587 (STARTTLS)")).toBeVisible();
  await expect(told("mail.nosuch.invalid")).toBeVisible();
  const history = section(page, "History");
  await expect(history.getByText("Test failed")).toHaveCount(1);

  await page.goto(`${page.url().replace(/\?.*/, "")}/edit`);
  await enterHosts(page, "wrong.again.invalid");
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText("wrong.again.invalid:993 (TLS)")).toBeVisible();
  await expect(told("wrong.again.invalid")).toBeVisible();
  // The edit took the failed test away. That was no news of the mailbox, which no test had reached.
  await expect(history.getByText("Test failed")).toHaveCount(2);
  await expect(history.getByRole("listitem")).toHaveCount(2);
  await expect(section(page, "Tests").locator("summary")).toHaveCount(2);
});
