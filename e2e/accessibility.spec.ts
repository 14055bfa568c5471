import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { addAccount, addProvider, expect, signIn, test } from "./installation";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

async function expectNoViolation(page: Page, state: string): Promise<void> {
  let found = await violationsOf(page);
  // A page that hears of news draws its head anew, and has no title for a moment.
  if (found.length === 1 && found[0]?.startsWith("document-title:")) {
    await expect(page, state).toHaveTitle(/\S/);
    found = await violationsOf(page);
  }
  expect(found, state).toEqual([]);
}

async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
}

/** What is folded may hold more that is. */
async function unfoldAll(page: Page): Promise<void> {
  const folded = page.locator("details:not([open]) > summary:visible");
  while ((await folded.count()) > 0) await folded.first().click();
}

for (const colorScheme of ["light", "dark"] as const)
  test(`no WCAG 2.2 A or AA violation in any state, ${colorScheme}`, async ({ page }) => {
    test.slow(); // a walk through every page, each looked at as a whole
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.goto("/sign-in");
    await expectNoViolation(page, "sign-in");
    await signIn(page);
    await expectNoViolation(page, "overview");
    await page.goto("/email/accounts");
    await expect(page.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();
    await expectNoViolation(page, "empty or first list");
    await page.goto("/settings/cloud-providers/new");
    await page.getByRole("button", { name: "Add Cloud Provider" }).click();
    await expect(page.getByText("Enter a name.")).toBeVisible();
    await expectNoViolation(page, "form with errors");
    await addProvider(page, `Accessible ${colorScheme}`);
    await expectNoViolation(page, "provider with toast");
    await page.goto("/settings/cloud-providers");
    await page.getByRole("button", { name: `Actions for Accessible ${colorScheme}` }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectNoViolation(page, "open menu");
    await page.getByRole("menuitem", { name: "Update Client Secret" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("Enter the client secret.")).toBeVisible();
    await expectNoViolation(page, "dialog with errors");
    await page.keyboard.press("Escape");
    await addAccount(page, {
      name: `Unsigned ${colorScheme}`,
      key: colorScheme.slice(0, 3),
      address: "nobody@contoso.test",
      provider: `Accessible ${colorScheme}`,
    });
    await page.goto("/email/accounts/new");
    const provider = page.getByRole("combobox", { name: "Cloud Provider" });
    await provider.fill("accessible");
    await expect(page.getByRole("listbox").getByRole("option").first()).toBeVisible();
    await expectNoViolation(page, "choice with its list open");
    await provider.fill("no such provider");
    await expect(page.getByText("Nothing matches", { exact: false })).toBeVisible();
    await expectNoViolation(page, "choice without a match");
    await page.goto("/email/accounts");
    await page.getByRole("link", { name: `Unsigned ${colorScheme}`, exact: true }).click();
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(page.getByRole("status").getByText("No one has signed in yet.")).toBeVisible();
    await expectNoViolation(page, "failed test");
    await expect(page.locator("summary").filter({ hasText: "Administrator" })).toBeVisible();
    await unfoldAll(page);
    await expectNoViolation(page, "failed test, unfolded");
    await page.getByRole("link", { name: "Full report" }).first().click();
    await expect(page.getByRole("heading", { name: "Connection test", level: 1 })).toBeVisible();
    await expectNoViolation(page, "report of a test");
    await page.goBack();
    await page.getByRole("button", { name: "Newest messages" }).click();
    await expect(page.getByRole("alert").filter({ hasText: "Why, and what to do" })).toBeVisible();
    await page.getByRole("button", { name: "Send test message" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Send", exact: true }).click();
    await expect(page.getByText("Enter an email address.")).toBeVisible();
    await expectNoViolation(page, "dialog over a refused look inside");
    await page.goto("/email/accounts");
    // As the run below says it of the same account.
    await expect(page.getByRole("row", { name: `Unsigned ${colorScheme}` })).toContainText(
      "Failed: not signed in",
    );
    await page.getByRole("checkbox", { name: `Select Unsigned ${colorScheme}` }).check();
    await expectNoViolation(page, "list with a ticked row");
    await page.getByRole("button", { name: "Test selected (1)" }).click();
    await expect(page.getByText("1 of 1 done", { exact: false })).toBeVisible();
    await expect(page.getByText("1 failed").first()).toBeVisible();
    await expect(page.locator('[data-remedy="postkey.not_signed_in"]')).toBeVisible();
    await expectNoViolation(page, "run of tests");
    await page.goto("/settings/api-keys");
    await page.getByRole("button", { name: "New API key" }).click();
    await page.getByLabel("Applies to").selectOption("Selected accounts");
    await page.getByRole("combobox", { name: "Accounts", exact: true }).fill("Unsigned");
    await page.getByRole("option", { name: `Unsigned ${colorScheme}` }).click();
    await page.getByRole("button", { name: "Create key" }).click();
    await expect(page.getByText("Enter a name.")).toBeVisible();
    await expectNoViolation(page, "new key with errors");
    await page.goto("/help/api");
    for (const address of ["/accessToken", "/messages"])
      await page.locator("summary").filter({ hasText: address }).last().click();
    await expectNoViolation(page, "operations to try");
    for (const path of [
      "/email/accounts/tests",
      "/email/migration",
      "/incidents",
      "/contacts",
      "/settings/alerts",
      "/settings/alerts/new",
      "/settings/api-keys",
      "/settings/administrators",
      "/settings/sign-in",
      "/settings/sign-in/new",
      "/help/setup",
      "/help/setup/google?way=domain_wide",
      "/help/errors",
      "/help/api",
    ]) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoViolation(page, path);
    }
  });

for (const colorScheme of ["light", "dark"] as const)
  test(`no violation in what is done with contacts, ${colorScheme}`, async ({ page }) => {
    test.slow();
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await signIn(page);
    await page.goto("/contacts");
    await page.getByRole("button", { name: "New list" }).first().click();
    await page.getByRole("dialog").getByLabel("Name").fill(`Accessible ${colorScheme}`);
    await page.getByRole("dialog").getByRole("button", { name: "Create list" }).click();
    await page.getByRole("link", { name: `Accessible ${colorScheme}` }).click();
    await expect(page.getByText("No contacts yet")).toBeVisible();
    await expectNoViolation(page, "empty list");
    await page.getByRole("button", { name: "New contact" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Add contact" }).click();
    await expect(page.getByText("Enter an email address.")).toBeVisible();
    await expectNoViolation(page, "contact with errors");
    await page.getByLabel("Email address").fill(`${colorScheme}@access.example`);
    await page.getByRole("dialog").getByRole("button", { name: "Add contact" }).click();
    await page.getByRole("checkbox", { name: `Select ${colorScheme}@access.example` }).check();
    await expectNoViolation(page, "list with a ticked contact");
    await page.goto("/contacts/import");
    const buffer = Buffer.from("email\nnew@access.example\nnone\n");
    const file = { name: "contacts.csv", mimeType: "text/csv", buffer };
    await page.getByLabel("File").setInputFiles(file);
    await page.getByRole("button", { name: "Check the file" }).click();
    await expect(page.getByText("Nothing has been imported yet", { exact: false })).toBeVisible();
    await expectNoViolation(page, "report of a file");
    await page.goto("/contacts/privacy");
    await page.getByLabel("Email address of the person").fill(`${colorScheme}@access.example`);
    await page.getByRole("button", { name: "Show what is stored" }).click();
    await expect(page.getByRole("button", { name: "Erase" })).toBeVisible();
    await expectNoViolation(page, "personal data");
  });

test("nothing overflows sideways on a phone", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await signIn(page);
  const paths = [
    ...["/", "/email/accounts", "/email/accounts/new", "/email/accounts/tests", "/email/migration"],
    ...["/settings/cloud-providers"],
    ...["/settings/cloud-providers/new", "/contacts", "/help/setup", "/help/errors"],
    ...["/contacts/all", "/contacts/import", "/email/accounts/import", "/contacts/privacy"],
    ...["/incidents", "/email/devices", "/email/sign-in-links", "/settings/alerts", "/profile"],
    ...["/settings/api-keys", "/settings/administrators", "/settings/audit", "/settings/sign-in"],
  ];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflow, path).toBeLessThanOrEqual(0);
  }
});
