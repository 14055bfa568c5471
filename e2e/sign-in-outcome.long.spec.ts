import { query } from "./database";
import { addAccount, addProvider, expect, signInAtSandbox, test } from "./installation";
import { refreshData } from "./ready";

/** The sandbox's own page, as Microsoft's, leads nowhere: the browser goes back by itself. */
test("a sign-in that did not come back is told two minutes later, until one does", async ({
  page,
}) => {
  await addProvider(page, "Never came back");
  const provider = page.url();
  await page.getByRole("button", { name: "Authenticate" }).click();
  await page.waitForURL(/\/authorize\?/);
  await page.goto(provider);
  await expect(page.getByRole("heading", { name: "Never came back", level: 1 })).toBeVisible();
  const told = page.getByRole("status").filter({ hasText: "AADSTS50011" });
  await expect(told).toHaveCount(0);
  await query(`UPDATE "AuthorizationRequest" SET "createdAt" = now() - interval '3 minutes'
    WHERE "consumedAt" IS NULL`);
  await page.reload();
  await expect(told).toContainText("The sign-in that you started 3 minutes ago has not come back");
  const uri = told.getByRole("textbox", { name: "Redirect URI" });
  await expect(uri).toHaveValue(/\/callback|\/oauth/);
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(page.getByText("alice@contoso.test is signed in.").first()).toBeVisible();
  await expect(told).toHaveCount(0);
});

test("the address that a sign-in comes back to is clean, and stays so when the page is loaded again", async ({
  page,
}) => {
  await addProvider(page, "Clean address");
  const account = { name: "Clean", key: "CLEAN", address: "alice@contoso.test" };
  await addAccount(page, { ...account, provider: "Clean address" });
  const clean = page.url().replace(/\?.*/, "");
  await page.getByRole("button", { name: "Sign in as alice@contoso.test" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(page).toHaveURL(clean);
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
  const loadAgain = async (name: string) => {
    await query(`UPDATE "EmailAccount" SET name = $1 WHERE key = 'CLEAN'`, [name]);
    await refreshData(page);
    await expect(page.getByRole("heading", { name, level: 1 })).toBeVisible();
  };
  await loadAgain("Clean once");
  await expect(page).toHaveURL(clean);
  // What was told on arrival is still there, and so is the report.
  await expect(page.getByText("alice@contoso.test is signed in.").first()).toBeVisible();
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();

  await page.goto(`${clean}?test=now`);
  await expect(page).toHaveURL(clean);
  await loadAgain("Clean twice");
  await expect(page).toHaveURL(clean);
  await query(`DELETE FROM "EmailAccount" WHERE key = 'CLEAN'`);
});
