import { choose, clearFaults, expect, setFault, signInAtSandbox, test } from "./installation";
import { addProvider } from "./objects";

test("an account is moved from its password, tested first, and moved back", async ({ page }) => {
  await addProvider("New way");
  await page.goto("/email/accounts/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Old way");
  await page.getByRole("textbox", { name: "Key" }).fill("OLD");
  await page.getByRole("textbox", { name: "Email Address" }).fill("alice@contoso.test");
  await page.getByRole("switch", { name: "Modern Authentication" }).click({ force: true });
  await page.getByRole("textbox", { name: "Password" }).fill("a password of before");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("heading", { name: "Old way", level: 1 })).toBeVisible();

  await page.goto("/email/migration");
  await page.getByRole("link", { name: "Move Old way" }).click();
  const heading = page.getByRole("heading", { name: "Move Old way", level: 1 });
  await expect(heading).toBeVisible();
  await choose(page.getByRole("combobox", { name: "Cloud Provider" }), "New way");
  const move = page.getByRole("button", { name: "Test and move" });
  await expect(move).toBeDisabled();
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(heading).toBeVisible();

  // What does not work yet changes nothing.
  await setFault("smtp_auth_disabled_mailbox");
  await move.click();
  await expect(page.getByText("Nothing was changed")).toBeVisible();
  await clearFaults();
  await move.click();
  await expect(page.getByRole("heading", { name: "Old way", level: 1, exact: true })).toBeVisible();
  await expect(page.getByText("Connected").first()).toBeVisible();

  await page.goto("/email/migration");
  await page.getByRole("button", { name: "Move Old way back" }).click();
  await expect(page.getByRole("link", { name: "Move Old way" })).toBeVisible();

  await page.getByRole("link", { name: "SMTP AUTH report" }).click();
  const buffer = Buffer.from("Sender address,Auth protocol\nalice@contoso.test,Basic\n");
  await page.getByLabel("Report").setInputFiles({ name: "r.csv", mimeType: "text/csv", buffer });
  await page.getByRole("link", { name: "Move: alice@contoso.test" }).click();
  await expect(heading).toBeVisible();
});
