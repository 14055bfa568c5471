import { Client } from "pg";
import {
  addAccount,
  addProvider,
  clearFaults,
  expect,
  installation,
  setFault,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";
import { refreshData } from "./ready";

/** What a person reads who comes back from a sign-in that did not go as usual. */
test.afterEach(clearFaults);

test("a sign-in that cannot be renewed says so at once, and nobody counts as connected", async ({
  page,
}) => {
  await signIn(page);
  await addProvider(page, "Without offline_access");
  await setFault("no_refresh_token");
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  const panel = page.locator('[data-remedy="postkey.no_refresh_token"]');
  await expect(panel).toContainText("offline_access was not granted");
  await expect(panel.getByRole("link", { name: "API permissions page" })).toHaveAttribute(
    "href",
    new RegExp(installation.registration.clientId),
  );
  await expect(page.getByText("alice@contoso.test", { exact: true })).toBeHidden();
});

test("the Back button and another person: the page says that the first answer counts", async ({
  page,
}) => {
  await signIn(page);
  await addProvider(page, "Back and forth");
  await page.getByRole("button", { name: "Authenticate" }).click();
  await page.waitForURL(/\/authorize\?/);
  const chooser = page.url();
  await signInAtSandbox(page, "alice@contoso.test");
  await page.goto(chooser);
  await page.getByText("bob@contoso.test", { exact: true }).click();
  const accept = page.getByRole("button", { name: "Accept" });
  const told = page.getByRole("heading", { name: "This sign-in was already completed." });
  await expect(accept.or(told)).toBeVisible();
  if (await accept.isVisible()) await accept.click();
  await expect(told).toBeVisible();
  await page.getByRole("link", { name: "Back to Cloud Providers" }).click();
  await page.getByRole("link", { name: "Back and forth" }).click();
  await expect(page.getByRole("heading", { name: "Back and forth", level: 1 })).toBeVisible();
  await expect(page.getByRole("row", { name: /alice@contoso\.test/ })).toBeVisible();
  await expect(page.getByText("bob@contoso.test")).toBeHidden();
});

test("a provider that was deleted meanwhile: the list says so", async ({ page, context }) => {
  await signIn(page);
  await addProvider(page, "Gone meanwhile");
  await page.getByRole("button", { name: "Authenticate" }).click();
  await page.waitForURL(/\/authorize\?/);
  const other = await context.newPage();
  await other.goto(`${installation.url}/settings/cloud-providers`);
  await other.getByRole("button", { name: "Actions for Gone meanwhile" }).click();
  await other.getByRole("menuitem", { name: "Delete" }).click();
  await other.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await expect(other.getByRole("row", { name: /Gone meanwhile/ })).toBeHidden();
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(page.getByRole("heading", { name: "Cloud Providers", level: 1 })).toBeVisible();
  await expect(page.locator('[data-remedy="callback.provider_deleted"]')).toContainText(
    "The provider was deleted while someone was signing in.",
  );
});

/** The sandbox's own page, as Microsoft's, leads nowhere: the browser goes back by itself. */
test("a sign-in that did not come back is told two minutes later, until one does", async ({
  page,
}) => {
  await signIn(page);
  await addProvider(page, "Never came back");
  const provider = page.url();
  await page.getByRole("button", { name: "Authenticate" }).click();
  await page.waitForURL(/\/authorize\?/);
  await page.goto(provider);
  await expect(page.getByRole("heading", { name: "Never came back", level: 1 })).toBeVisible();
  const told = page.getByRole("status").filter({ hasText: "AADSTS50011" });
  await expect(told).toHaveCount(0);
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  await client.query(`UPDATE "AuthorizationRequest" SET "createdAt" = now() - interval '3 minutes'
    WHERE "consumedAt" IS NULL`);
  await client.end();
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
  await signIn(page);
  await addProvider(page, "Clean address");
  const account = { name: "Clean", key: "CLEAN", address: "alice@contoso.test" };
  await addAccount(page, { ...account, provider: "Clean address" });
  const clean = page.url().replace(/\?.*/, "");
  await page.getByRole("button", { name: "Sign in as alice@contoso.test" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  await expect(page).toHaveURL(clean);
  await expect(page.getByText("IMAP, SMTP and POP3 work.").first()).toBeVisible();
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  const loadAgain = async (name: string) => {
    await client.query(`UPDATE "EmailAccount" SET name = $1 WHERE key = 'CLEAN'`, [name]);
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
  await client.query(`DELETE FROM "EmailAccount" WHERE key = 'CLEAN'`);
  await client.end();
});
