import AxeBuilder from "@axe-core/playwright";
import type { Locator, Page } from "@playwright/test";
import type { TestCompany } from "../lib/testing/openid-provider";
import { CAROL, closeCompany, newPage, openCompany, query } from "./company";
import { expect, installation, signIn, test } from "./installation";

test.describe.configure({ mode: "serial" });

let company: TestCompany;

test.beforeAll(async () => {
  company = await openCompany();
});

test.afterAll(() => closeCompany(company));

async function expectNoViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
}

/** The field has its value once the page can be used. */
async function rename(page: Page, name: string): Promise<void> {
  await expect(page.getByLabel("Your name")).toHaveValue(CAROL.name);
  await page.getByLabel("Your name").fill(name);
}

test("a company sign-in is set up, tested and switched on from the screen alone", async ({
  browser,
}) => {
  const page = await newPage(browser);
  await signIn(page);
  await page.getByRole("link", { name: "Sign-in", exact: true }).click();
  await expect(page.getByText("No company sign-in yet")).toBeVisible();
  await expectNoViolation(page);
  await page.getByRole("link", { name: "Add a company sign-in" }).first().click();
  await page.getByLabel("Provider").selectOption({ label: "Any OpenID provider" });
  await page.getByLabel("Name on the button").fill("Contoso");
  await expect(page.getByRole("textbox", { name: "Redirect URI" })).toHaveValue(
    `${installation.url}/api/auth/callback/other`,
  );
  await page.getByLabel("Issuer").fill(company.issuer);
  await page.getByLabel("Client ID").fill(company.clientId);
  await page.locator("input[name=clientSecret]").fill("a wrong secret");
  await page.getByLabel("Values for Operator").fill("postkey-operators");
  await expectNoViolation(page);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Contoso", level: 1 })).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch on" })).toHaveCount(0);

  await page.getByRole("button", { name: "Test sign-in" }).click();
  await expect(page.locator('[data-remedy="company.client_refused"]')).toBeVisible();
  await expectNoViolation(page);
  await page.getByRole("link", { name: "Edit" }).click();
  await page.locator("input[name=clientSecret]").fill(company.clientSecret);
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: "Test sign-in" }).click();
  await expect(page.getByText("Would create a person as Operator", { exact: false })).toBeVisible();
  await page.getByRole("button", { name: "Switch on" }).click();
  await expect(page.getByText("On", { exact: true })).toBeVisible();
  await expectNoViolation(page);
  await page.context().close();
});

test("a form that is half filled in names what is missing, whatever was typed for another provider", async ({
  browser,
}) => {
  const page = await newPage(browser);
  await signIn(page);
  await page.goto("/settings/sign-in/new");
  const provider = page.getByLabel("Provider");
  await provider.selectOption({ label: "Any OpenID provider" });
  await page.getByLabel("Issuer").fill("http://id.contoso.com");
  await provider.selectOption({ label: "Microsoft Entra" });
  await page.getByLabel("Client ID").fill("postkey");
  await page.getByRole("button", { name: "Save" }).click();
  const name = page.getByLabel("Name on the button");
  await expect(name).toBeFocused();
  await expect(name).toHaveAttribute("aria-invalid", "true");
  await expect(page.getByText(/Check these 4 fields/)).toContainText("Tenant ID");
  await expectNoViolation(page);

  await name.fill("Contoso Entra");
  await page.getByLabel("Tenant ID").fill("3f2a0c1e-9d1b-4a35-8c1b-0a6f2f1d9a10");
  await page.locator("input[name=clientSecret]").fill("a secret");
  await page.getByLabel("Everyone else").selectOption({ label: "Viewer" });
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("heading", { name: "Contoso Entra", level: 1 })).toBeVisible();
  await page.context().close();
});

test("a person with a group signs in on a phone, and out again", async ({ browser }) => {
  const page = await newPage(browser, true);
  await page.goto("/sign-in");
  await expectNoViolation(page);
  const button = page.getByRole("button", { name: "Sign in with Contoso" });
  await expect(button).toBeInViewport({ ratio: 1 });
  const top = async (part: Locator) => (await part.boundingBox())?.y ?? 0;
  expect(await top(button)).toBeLessThan(await top(page.getByLabel("Email")));
  const passkey = page.getByRole("button", { name: "Sign in with a passkey" });
  expect(await top(page.getByText("Forgot your password?"))).toBeGreaterThan(await top(passkey));
  await button.click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await page.goto("/profile");
  await expect(page.getByText(CAROL.email).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Company accounts" })).toBeVisible();
  await expectNoViolation(page);
  await page.getByRole("button", { name: /Signed in as|Carol/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/sign-in/);
  company.comes({ ...CAROL, groups: ["chess"] });
  await page.getByRole("button", { name: "Sign in with Contoso" }).click();
  const refusal = page.locator('[data-remedy="company.no_role"]');
  await expect(refusal).toContainText(`You signed in at Contoso as ${CAROL.email}.`);
  await expectNoViolation(page);
  await page.context().close();
});

test("the first press on the company's button counts, wherever the focus was", async ({
  browser,
}) => {
  company.comes(CAROL);
  for (const typed of ["", "carol"]) {
    const page = await newPage(browser);
    await page.goto("/sign-in?refused=company.no_role");
    await expect(page.getByLabel("Email")).toBeFocused();
    await page.keyboard.type(typed);
    const box = await page.getByRole("button", { name: "Sign in with Contoso" }).boundingBox();
    if (!box) throw new Error("The button is not shown.");
    await page.mouse.move(box.x + box.width / 2, box.y + 4);
    await page.mouse.down();
    // As long as a finger takes: a complaint about the email would have moved the button by then.
    await page.waitForTimeout(100);
    await page.mouse.up();
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
    await page.context().close();
  }
});

test("a person without a password confirms at their company, and loses nothing meanwhile", async ({
  browser,
}) => {
  company.comes(CAROL);
  const page = await newPage(browser);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with Contoso" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await query(`UPDATE "Session" SET "provenAt" = 'epoch' WHERE method = 'company'`);
  await page.goto("/profile");
  await expect(page.getByText("You sign in at Contoso", { exact: false })).toBeVisible();
  await rename(page, "Carol V.");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const again = page.getByRole("link", { name: "Sign in at Contoso again" });
  await expect(again).toBeVisible();
  await expectNoViolation(page);

  company.comes({ ...CAROL, sub: "mallory-1" });
  const asMallory = page.waitForEvent("popup");
  await again.click();
  const wrong = await asMallory;
  await expect(wrong.locator('[data-remedy="company.person_differs"]')).toBeVisible();
  await expectNoViolation(wrong);
  company.comes(CAROL);
  const closed = wrong.waitForEvent("close");
  await wrong.getByRole("link", { name: "Try again" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  await closed;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Your name")).toHaveValue("Carol V.");
  await page.context().close();
});

test("where the company does not say when it asked, a person signs in again and goes on", async ({
  browser,
}) => {
  company.comes(CAROL);
  company.ignoresMaxAge();
  const page = await newPage(browser);
  await page.goto("/sign-in");
  await page.getByRole("button", { name: "Sign in with Contoso" }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  await query(`UPDATE "Session" SET "provenAt" = 'epoch' WHERE method = 'company'`);
  await page.goto("/profile");
  await rename(page, "Carol W.");
  await page.getByRole("button", { name: "Set up an authenticator app" }).click();
  const opened = page.waitForEvent("popup");
  await page.getByRole("link", { name: "Sign in at Contoso again" }).click();
  const tab = await opened;
  await expect(tab.locator('[data-remedy="company.auth_time_missing"]')).toBeVisible();
  await expect(tab.getByRole("link", { name: "Try again" })).toHaveCount(0);
  await expectNoViolation(tab);
  await tab.getByRole("button", { name: "Sign out and sign in again" }).click();
  const closed = tab.waitForEvent("close");
  await tab.getByRole("button", { name: "Sign in with Contoso" }).click();
  await expect(page.getByRole("img", { name: /QR code/ })).toBeVisible();
  await closed;
  await page.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByLabel("Your name")).toHaveValue("Carol W.");
  await page.context().close();
});

test("the list of people shows its buttons whole, whatever their company decides", async ({
  browser,
}) => {
  await query(
    `INSERT INTO "Administrator" (id, email, name, "disabledAt", "disabledByCompanyId")
     SELECT gen_random_uuid(), 'left@contoso.example', 'Leonora Leftwich', now(), id FROM "CompanySignIn" LIMIT 1`,
  );
  const page = await newPage(browser);
  await signIn(page);
  await page.goto("/settings/administrators");
  await expect(page.getByRole("row", { name: /Carol.*decided by/ })).toBeVisible();
  const table = page.locator("table", { hasText: "Leonora Leftwich" });
  const room = await table.locator("..").boundingBox();
  const button = await page
    .getByRole("button", { name: "Actions for Leonora Leftwich" })
    .boundingBox();
  if (!room || !button) throw new Error("The list is not shown.");
  expect(button.x + button.width).toBeLessThanOrEqual(room.x + room.width);
  await query(`DELETE FROM "Administrator" WHERE email = 'left@contoso.example'`);
  await page.context().close();
});

test("with company sign-in only, the password of an administrator is for emergencies", async ({
  browser,
}) => {
  const page = await newPage(browser);
  await signIn(page);
  await page.goto("/settings/sign-in");
  await page.getByRole("switch", { name: "Company sign-in only" }).click({ force: true });
  await expectNoViolation(page);
  await page.getByRole("button", { name: "Require it" }).click();
  await expect(page.getByText("From now on people sign in at your company only.")).toBeVisible();

  const other = await newPage(browser);
  await other.goto("/sign-in");
  await expect(other.getByRole("button", { name: "Sign in with Contoso" })).toBeVisible();
  await expect(other.getByLabel("Email")).toHaveCount(0);
  await other.getByRole("link", { name: "sign in with a password" }).click();
  await other.getByLabel("Email").fill("admin@example.com");
  await other.getByLabel("Password", { exact: true }).fill(installation.password);
  await other.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(other.getByRole("heading", { name: "Overview" })).toBeVisible();
  await expect(async () => {
    await other.goto("/incidents");
    await expect(other.getByText(/signed in without the company although/).first()).toBeVisible({
      timeout: 2_000,
    });
  }).toPass({ timeout: 60_000 });
  await page.getByRole("switch", { name: "Company sign-in only" }).click({ force: true });
  await expect(page.getByText("Passwords and passkeys work again.")).toBeVisible();
  await page.context().close();
  await other.context().close();
});
