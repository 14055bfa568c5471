import type { TestCompany } from "../lib/testing/openid-provider";
import { addCompany, CAROL, closeCompany, newPage, openCompany, signInAtCompany } from "./company";
import { query } from "./database";
import { expect, test } from "./installation";

test.describe.configure({ mode: "serial" });
test.use({ ignoreHTTPSErrors: true });

let company: TestCompany;
test.beforeAll(async () => {
  company = await openCompany();
});
test.afterAll(() => closeCompany(company));

test("a company sign-in is set up, tested and switched on from the screen alone", async ({
  page,
}) => {
  await addCompany(page, company, "a wrong secret");
  await expect(page.getByRole("button", { name: "Switch on" })).toHaveCount(0);
  await page.getByRole("button", { name: "Test sign-in" }).click();
  await expect(page.locator('[data-remedy="company.client_refused"]')).toBeVisible();
  await page.getByRole("link", { name: "Edit" }).click();
  await page.locator("input[name=clientSecret]").fill(company.clientSecret);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Test sign-in" }).click();
  await expect(page.getByText("Would create a person as Operator", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("On", { exact: true })).toBeVisible();
});

test("a person with a group signs in on a phone, and one without is refused", async ({
  browser,
}) => {
  const page = await newPage(browser, true);
  await signInAtCompany(page);
  await page.goto("/profile");
  await expect(page.getByText(CAROL.email).first()).toBeVisible();
  await page.context().clearCookies();
  company.comes({ ...CAROL, groups: ["chess"] });
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with Contoso" }).click();
  await expect(page.locator('[data-remedy="company.no_role"]')).toContainText(CAROL.email);
  await page.context().close();
});

test("a person without a password confirms at their company, and loses nothing meanwhile", async ({
  browser,
}) => {
  company.comes(CAROL);
  const page = await newPage(browser);
  await signInAtCompany(page);
  await query(`UPDATE "Session" SET "provenAt" = 'epoch' WHERE method = 'company'`);
  await page.goto("/profile");
  await page.getByLabel("Your name").fill("Carol V.");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const again = page.getByRole("link", { name: "Sign in at Contoso again" });
  await expect(again).toBeVisible();

  company.comes({ ...CAROL, sub: "mallory-1" });
  const asMallory = page.waitForEvent("popup");
  await again.click();
  const wrong = await asMallory;
  await expect(wrong.locator('[data-remedy="company.person_differs"]')).toBeVisible();
  company.comes(CAROL);
  const closed = wrong.waitForEvent("close");
  await wrong.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  await closed;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Your name")).toHaveValue("Carol V.");
  await page.context().close();
});
