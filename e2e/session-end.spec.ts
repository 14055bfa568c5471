import type { Page } from "@playwright/test";
import { addAccounts, query } from "./database";
import { expect, installation, STRANGER, signInAs, test } from "./installation";
import { addPerson } from "./objects";
import { holdScripts, untilReady } from "./ready";

/** Of a person of their own, whose sessions end. */
const EMAIL = "ends@session.example";

test.use(STRANGER);

test.beforeAll(async () => {
  await addAccounts("Ending", { to: 30 });
  await addPerson({ role: "Administrator", name: "Ends", email: EMAIL });
});

test.afterAll(async () => {
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Ending %'`);
  await query(`DELETE FROM "Administrator" WHERE email = $1`, [EMAIL]);
});

/** A page whose live stream notices the end leads to the sign-in by itself: what comes next shall. */
const withoutLiveStream = (page: Page) => page.route("**/api/events*", (route) => route.abort());

const endSessions = () =>
  query(
    `DELETE FROM "Session" WHERE "administratorId" = (SELECT id FROM "Administrator" WHERE email = $1)`,
    [EMAIL],
  );

async function signInAgain(page: Page): Promise<void> {
  await page.getByLabel("Email").fill(EMAIL);
  await page.getByLabel("Password", { exact: true }).fill(installation.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test("the end of a session is said, and the sign-in leads to the page that was wanted", async ({
  page,
}) => {
  await withoutLiveStream(page);
  await signInAs(page, EMAIL);
  await page.goto("/email/accounts?search=Ending");
  await endSessions();
  await page.getByRole("link", { name: "Next page" }).click();
  await expect(page.getByText("Your session ended.", { exact: false })).toBeVisible();
  await signInAgain(page);
  await expect(page).toHaveURL(/\/email\/accounts\?search=Ending&.*after=/);
});

test("what was typed into a form is kept until the sign-in, without secrets", async ({ page }) => {
  const { clientId, clientSecret } = installation.registration;
  await withoutLiveStream(page);
  await signInAs(page, EMAIL);
  await page.goto("/settings/cloud-providers/new");
  await page.getByLabel("Name").fill("A draft");
  await page.getByRole("link", { name: "Overview", exact: true }).click();
  await expect(page).toHaveURL(/\/$/);
  await page.goBack();
  await expect(page.getByLabel("Name")).toHaveValue("A draft");
  const be = (id: string) =>
    page.evaluate((user) => localStorage.setItem("postkey-user", user), id);
  const me = await page.evaluate(() => localStorage.getItem("postkey-user") ?? "");
  // As in a tab whose person signed out in another.
  await be("someone else");
  await page.getByLabel("Name").fill("Of someone else");
  await be(me);
  await page.goto("/settings/cloud-providers/new");
  await expect(page.getByLabel("Name")).toHaveValue("A draft");
  await page.getByLabel("Application Id").fill(clientId);
  await page.getByLabel("Tenant Id").fill(installation.registration.tenantId);
  const secret = page.getByRole("textbox", { name: "Client Secret" });
  await secret.fill(clientSecret);
  await endSessions();
  await page.getByRole("button", { name: "Add Cloud Provider" }).click();
  await expect(page).toHaveURL(/\/sign-in/);
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  expect(kept).toContain(clientId);
  expect(kept).not.toContain(clientSecret);
  await signInAgain(page);
  await expect(page).toHaveURL(/\/settings\/cloud-providers\/new$/);
  await expect(page.getByLabel("Name")).toHaveValue("A draft");
  await expect(secret).toHaveValue("");
  await page.getByRole("link", { name: "Cancel" }).click();
  await page.goto("/settings/cloud-providers/new");
  await expect(page.getByLabel("Name")).toHaveValue("");
});

test("a page that is only looked at notices the end, and keeps what was typed", async ({
  page,
}) => {
  await signInAs(page, EMAIL);
  await page.goto("/email/accounts/new");
  const name = page.getByRole("textbox", { name: "Name", exact: true });
  await name.fill("Half typed");
  await endSessions();
  await expect(page).toHaveURL(/\/sign-in/);
  await signInAgain(page);
  await expect(page).toHaveURL(/\/email\/accounts\/new$/);
  await expect(name).toHaveValue("Half typed");
  // But not over what another changed meanwhile.
  const [account] = await query(`SELECT id FROM "EmailAccount" WHERE name = 'Ending 1'`);
  await page.goto(`/email/accounts/${account?.id}/edit`);
  await name.fill("Half edited");
  await query(`UPDATE "EmailAccount" SET version = version + 1 WHERE id = $1`, [account?.id]);
  await page.goto(`/email/accounts/${account?.id}/edit`);
  await expect(name).toHaveValue("Ending 1");
});

test("what is typed before the sign-in page is ready stays, and is in no address", async ({
  page,
}) => {
  const release = await holdScripts(page);
  await page.goto("/sign-in", { waitUntil: "domcontentloaded" });
  await page.getByLabel("Email").fill(EMAIL);
  const password = page.getByLabel("Password", { exact: true });
  await password.fill(installation.password);
  await password.press("Enter");
  const button = page.getByRole("button", { name: "Sign in", exact: true });
  await button.click();
  await expect(page).toHaveURL(/\/sign-in$/);
  release();
  await untilReady(page);
  await expect(password).toHaveValue(installation.password);
  await button.click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});
