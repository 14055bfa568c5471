import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import pg from "pg";
import {
  addProvider,
  choose,
  clearFaults,
  expect,
  installation,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";

test.describe.configure({ mode: "serial" });

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
const PROVIDER = "New accounts";
const SIZES = {
  desktop: { width: 1280, height: 900 },
  phone: { width: 390, height: 844 },
} as const;

test.afterEach(clearFaults);

test.afterAll(async () => {
  const client = new pg.Client({ connectionString: installation.databaseUrl });
  await client.connect();
  await client.query(
    `DELETE FROM "EmailAccount" WHERE "cloudProviderId" IN (SELECT id FROM "CloudProvider" WHERE name = $1)`,
    [PROVIDER],
  );
  await client.query(`DELETE FROM "CloudProvider" WHERE name = $1`, [PROVIDER]);
  await client.end();
});

const text = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

/** The form, with the provider chosen, or the one there is. */
async function openForm(page: Page): Promise<void> {
  await page.goto("/email/accounts/new");
  await choose(page.getByRole("combobox", { name: "Cloud Provider" }), PROVIDER);
}

/** By the name that signs in; the option has that of the person too. */
async function chooseDelegate(page: Page, username: string): Promise<void> {
  const delegate = page.getByRole("combobox", { name: "Delegate" });
  await delegate.fill(username);
  await page.getByRole("option", { name: username }).click();
  await expect(delegate).toHaveValue(username);
}

async function expectWholeAndAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).withTags(WCAG).analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBeLessThanOrEqual(0);
}

const label = (page: Page) =>
  page.locator("form label, form legend, form [role=radiogroup]").evaluateAll((labels) =>
    labels.flatMap((each) => {
      const name = each.textContent?.replace(/\s*\*$/, "") ?? "";
      return ["Service", "Cloud Provider", "Email Address", "Name", "Key", "List"].includes(name)
        ? [name]
        : [];
    }),
  );

test("a new provider asks the reference's fields first, and folds the rest", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/cloud-providers/new");
  await expect(page.getByRole("heading", { name: "New Cloud Provider", level: 1 })).toBeVisible();
  await expect(page.getByLabel("How mailboxes sign in")).toBeHidden();
  await expect(page.getByLabel("Supported account types")).toBeHidden();
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  // All that is wrong at once; the first of it has the focus, and the button's place names all.
  await expect(page.getByText("Enter a name.")).toBeVisible();
  await expect(page.getByText("Enter the client secret.")).toBeVisible();
  await expect(page.getByRole("textbox", { name: "Name" })).toBeFocused();
  const summary = page.getByRole("alert").filter({ hasText: "Check these 4 fields" });
  await expect(summary).toHaveText(/Name, Application Id, Tenant Id, Client Secret$/);
  await summary.getByRole("button", { name: "Tenant Id" }).click();
  await expect(page.getByRole("textbox", { name: "Tenant Id" })).toBeFocused();
  await expectWholeAndAccessible(page);

  await addProvider(page, PROVIDER);
  expect(await page.evaluate(() => window.scrollY)).toBe(0);
});

for (const [device, viewport] of Object.entries(SIZES)) {
  test(`on a ${device} a mailbox of its own is added, signed in and tested at once`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await signIn(page);
    await openForm(page);
    expect(await label(page)).toEqual([
      ...["Service", "Cloud Provider", "Email Address", "Name", "Key", "List"],
    ]);
    await text(page, "Email Address").fill("bob@contoso.test");
    await expect(page.getByRole("textbox", { name: "Username" })).toHaveValue("bob@contoso.test");
    const notice = page.getByRole("status").filter({ hasText: "bob@contoso.test" });
    const isFirst = device === "desktop";
    await expect(notice).toContainText(
      isFirst
        ? "No one is signed in as bob@contoso.test at New accounts yet."
        : "bob@contoso.test is signed in at New accounts.",
    );
    await text(page, "Name").fill("Bob on it");
    const key = page.getByRole("textbox", { name: "Key" });
    await expect(key).toHaveValue(isFirst ? "BOI" : "BOB");
    await expectWholeAndAccessible(page);
    await page.getByRole("button", { name: "Add Email Account" }).click();
    await expect(page.getByRole("heading", { name: "Bob on it", level: 1 })).toBeVisible();
    expect(await page.evaluate(() => window.scrollY)).toBe(0);

    if (isFirst) {
      await expect(page.getByText("Next: bob@contoso.test signs in")).toBeVisible();
      await page.getByRole("button", { name: "Sign in as bob@contoso.test" }).click();
      await signInAtSandbox(page, "bob@contoso.test");
      await expect(page).toHaveURL(/\/email\/accounts\//);
    }
    await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
    await expect(page).toHaveURL(/\/email\/accounts\/[\w-]+$/);
    // The result is there when one comes back, without pressing Test.
    await page.reload();
    await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
    await expect(page.getByRole("term").filter({ hasText: "Cloud Provider" })).toBeVisible();
    await expectWholeAndAccessible(page);
  });

  test(`on a ${device} a shared mailbox chooses its delegate among those signed in`, async ({
    page,
  }) => {
    await page.setViewportSize(viewport);
    await signIn(page);
    await openForm(page);
    await page.getByRole("radio", { name: "Shared mailbox" }).check();
    await text(page, "Email Address").fill("support@contoso.test");
    const delegate = page.getByRole("combobox", { name: "Delegate" });
    await delegate.fill("nobody like this");
    await expect(page.getByText("Nothing matches “nobody like this”.")).toBeVisible();
    await chooseDelegate(page, "bob@contoso.test");
    await expect(page.getByRole("status").filter({ hasText: "is signed in at" })).toContainText(
      "Full Access and Send As on support@contoso.test",
    );

    // Someone who is not signed in yet can be typed, and a typing error is told before it is saved.
    await page.getByRole("button", { name: "Someone who is not signed in yet" }).click();
    await page.getByRole("textbox", { name: "Delegate" }).fill("alise@contoso.test");
    await expect(
      page.getByText("No one is signed in as alise@contoso.test at New accounts yet."),
    ).toBeVisible();
    await expectWholeAndAccessible(page);
    await page.getByRole("button", { name: "Choose someone who is signed in" }).click();
    await chooseDelegate(page, "bob@contoso.test");
    await text(page, "Name").fill(`Shared ${device}`);
    await expect(page.getByRole("textbox", { name: "Key" })).toHaveValue(
      device === "desktop" ? "SD" : "SP",
    );
    await page.getByRole("button", { name: "Add Email Account" }).click();
    await expect(page.getByRole("heading", { name: `Shared ${device}`, level: 1 })).toBeVisible();
    // Tested at once; the stages are folded.
    await expect(page.locator("[data-protocol=imap]").first()).toHaveAttribute(
      "data-verdict",
      "ok",
    );
    await expect(
      page.getByRole("definition").filter({ hasText: "support@" }).first(),
    ).toBeVisible();
    await page.getByRole("link", { name: "bob@contoso.test" }).click();
    await expect(page).toHaveURL(/\/settings\/cloud-providers\/[\w-]+#signed-in$/);
    await expect(page.getByRole("heading", { name: "Signed in" })).toBeInViewport();
  });
}

test("a key of another account is never proposed, and what is typed stays", async ({ page }) => {
  await signIn(page);
  await openForm(page);
  const key = page.getByRole("textbox", { name: "Key" });
  await text(page, "Name").fill("Shared desktop");
  await expect(key).toHaveValue("SHA");
  await key.fill("MINE");
  await text(page, "Name").fill("Something else");
  await expect(page.getByRole("textbox", { name: "Email Address" })).toHaveValue("");
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await expect(page.getByRole("textbox", { name: "Email Address" })).toBeFocused();
  await expect(key).toHaveValue("MINE");
});

test("the day on which a secret expires is changed without the secret", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/cloud-providers");
  await page.getByRole("link", { name: PROVIDER }).first().click();
  await expect(page.getByRole("heading", { name: PROVIDER, level: 1 })).toBeVisible();
  await page.getByRole("button", { name: "Change expiry" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("The secret expires", { exact: true }).selectOption("day");
  await dialog.getByLabel("The secret expires on").fill("2020-01-31");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("This day has passed", { exact: false })).toBeVisible();
  await expectWholeAndAccessible(page);
  const select = dialog.getByLabel("The secret expires", { exact: true });
  const [, year] = await select.locator("option").allTextContents();
  await select.selectOption({ label: year ?? "" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const day = /on (.+)$/.exec(year ?? "")?.[1] ?? "no day";
  await expect(page.getByRole("definition").filter({ hasText: day })).toBeVisible();
  await page.goto("/settings/cloud-providers");
  const row = page.getByRole("row", { name: PROVIDER });
  await expect(row).toContainText(day);
  // The form begins with another day, which is not that of the secret in use.
  await page.getByRole("button", { name: `Actions for ${PROVIDER}` }).click();
  await page.getByRole("menuitem", { name: "Update Client Secret" }).click();
  await dialog.getByLabel("New client secret").fill(installation.registration.clientSecret);
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toBeHidden();
  const told = `This secret is already in use, and it works. Nothing was replaced; it still expires on ${day}.`;
  await expect(page.getByText(told)).toBeVisible();
  await expect(row).toContainText(day);
});

test("who goes on before the first test has ended gets there", async ({ page }) => {
  await signIn(page);
  await openForm(page);
  await text(page, "Email Address").fill("bob@contoso.test");
  await text(page, "Name").fill("Bob goes on");
  await text(page, "Key").fill("GOES");
  let [letTest, letGo] = [() => {}, () => {}];
  const clicked = new Promise<void>((done) => {
    letTest = done;
  });
  const tested = new Promise<void>((done) => {
    letGo = done;
  });
  await page.route(/\/connectionTest\?/, (route) => clicked.then(() => route.continue()));
  await page.route(/\/edit\?/, (route) => tested.then(() => route.continue()));
  await page.getByRole("button", { name: "Add Email Account" }).click();
  await page.getByRole("button", { name: "Actions for Bob goes on" }).click();
  await page.getByRole("menuitem", { name: "Edit" }).click();
  letTest();
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
  letGo();
  await expect(page.getByRole("heading", { name: "Edit Bob goes on", level: 1 })).toBeVisible();
});
