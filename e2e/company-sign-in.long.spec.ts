import type { TestCompany } from "../lib/testing/openid-provider";
import { expectAccessible } from "./axe";
import { addCompany, CAROL, closeCompany, newPage, openCompany, signInAtCompany } from "./company";
import { query } from "./database";
import { ADMIN, adminsPage, expect, installation, test } from "./installation";

test.describe.configure({ mode: "serial" });
test.use({ ignoreHTTPSErrors: true });

let company: TestCompany;
test.beforeAll(async ({ browser }) => {
  company = await openCompany();
  const page = await adminsPage(browser);
  await addCompany(page, company, company.clientSecret);
  await page.getByRole("button", { name: "Test sign-in" }).click();
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("On", { exact: true })).toBeVisible();
  await page.context().close();
});
test.afterAll(() => closeCompany(company));

test("where the company does not say when it asked, a person signs in again and goes on", async ({
  browser,
}) => {
  company.comes(CAROL);
  company.ignoresMaxAge();
  const page = await newPage(browser);
  await signInAtCompany(page);
  await query(`UPDATE "Session" SET "provenAt" = 'epoch' WHERE method = 'company'`);
  await page.goto("/profile");
  await page.getByLabel("Your name").fill("Carol W.");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Sign in at Contoso again" }).click();
  const tab = await opened;
  await expect(tab.locator('[data-remedy="company.auth_time_missing"]')).toBeVisible();
  await expect(tab.getByRole("link", { name: "Try again" })).toHaveCount(0);
  await expectAccessible(tab);
  await tab.getByRole("button", { name: "Sign out and sign in again" }).click();
  const closed = tab.waitForEvent("close");
  await tab.getByRole("button", { name: "Sign in with Contoso" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  await closed;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Your name")).toHaveValue("Carol W.");
  await page.context().close();
});

test("with company sign-in only, the password of an administrator is for emergencies", async ({
  page,
  browser,
}) => {
  await page.goto("/settings/sign-in");
  await page.getByRole("switch", { name: "Company sign-in only" }).click({ force: true });
  await expectAccessible(page);
  await page.getByRole("button", { name: "Require it" }).click();
  await expect(page.getByText("From now on people sign in at your company only.")).toBeVisible();

  const other = await newPage(browser);
  await other.goto("/sign-in");
  await expect(other.getByRole("button", { name: "Sign in with Contoso" })).toBeVisible();
  await expect(other.getByLabel("Email")).toHaveCount(0);
  await other.getByRole("link", { name: "sign in with a password" }).click();
  await other.getByLabel("Email").fill(ADMIN);
  await other.getByLabel("Password", { exact: true }).fill(installation.password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other.getByRole("heading", { name: "Overview" })).toBeVisible();
  await other.goto("/incidents");
  await expect(other.getByText(/signed in without the company although/).first()).toBeVisible();
  await page.getByRole("switch", { name: "Company sign-in only" }).click({ force: true });
  await expect(page.getByText("Passwords and passkeys work again.")).toBeVisible();
  await other.context().close();
});
