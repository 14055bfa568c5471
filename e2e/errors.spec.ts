import {
  addProvider,
  clearFaults,
  expect,
  installation,
  setFault,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";

const LINE =
  "smtp.office365.com said: 535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant. Visit https://aka.ms/smtp_auth_disabled for more information. [AM0PR01CA0001.eurprd01.prod.exchangelabs.com]";

test.afterEach(clearFaults);

test("what a server said, pasted into Help, finds its cause and what to do", async ({ page }) => {
  await signIn(page);
  await page.goto("/help/errors");
  await page.getByRole("searchbox", { name: "Search errors" }).fill(LINE);
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: "smtp.auth_disabled_tenant" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(
    "Sending over SMTP is switched off for the whole organisation.",
  );
  await expect(page.getByText("Set-CASMailbox -Identity 'support@example.com'")).toBeVisible();
  await expect(page.getByRole("link", { name: "learn.microsoft.com" })).toBeVisible();
});

test("an empty form for a provider says everything that it lacks at once", async ({ page }) => {
  await signIn(page);
  await page.goto("/settings/cloud-providers/new");
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  for (const missing of ["a name", "the application id", "the tenant id", "the client secret"])
    await expect(page.getByText(`Enter ${missing}.`)).toBeVisible();
});

test("a number that nobody knows yet comes with what the support asks for", async ({
  page,
  context,
}) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await signIn(page);
  await addProvider(page, "Unknown number");
  await setFault("raise:99999998", { on: "true", at: "token" });
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "alice@contoso.test");
  const panel = page.locator("[data-remedy=AADSTS99999998]");
  await expect(panel.getByText(/Correlation ID: [0-9a-f-]{36}/)).toBeVisible();
  await panel.getByRole("button", { name: "Copy for support" }).click();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toMatch(
    /^Code: AADSTS99999998\nCorrelation ID: \S{36}\nTrace ID: \S{36}\nTime: 20/,
  );
  await panel.getByRole("link", { name: "AADSTS99999998", exact: true }).click();
  await expect(page).toHaveURL(/help\/errors\/AADSTS99999998/);
});

test("a failure links to the page of the tenant and the application that is to be changed", async ({
  page,
}) => {
  await signIn(page);
  await addProvider(page, "Not consented");
  await setFault("raise:65005", { on: "true", at: "token" });
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "bob@contoso.test");
  const { clientId, tenantId } = installation.registration;
  const panel = page.locator("[data-remedy=AADSTS65005]");
  const href = await panel.getByRole("link", { name: "API permissions page" }).getAttribute("href");
  expect(href).toContain(`/${tenantId}/#view/`);
  expect(href).toContain(`/appId/${clientId}`);
  await expect(panel.getByText(`az ad app permission add --id '${clientId}'`)).toBeVisible();
});
