import type { Browser, Page } from "@playwright/test";
import { query } from "./database";
import { expect, invite, signInAs, strangersPage, test } from "./installation";
import { addAccount, addPerson, addProvider } from "./objects";

test.describe.configure({ mode: "serial" });

const PEOPLE = [
  { role: "Viewer", name: "Vera", email: "vera@roles.example" },
  { role: "Operator", name: "Oleg", email: "oleg@roles.example" },
] as const;
const NAME = "Roles";
const PROVIDER = "/settings/cloud-providers?search=roles";
const ACCOUNT = "/email/accounts?search=roles";

test.beforeAll(async () => {
  await addProvider(NAME);
  await addAccount({ name: NAME, key: "rol", address: "roles@contoso.test", provider: NAME });
  for (const person of PEOPLE) await addPerson(person);
});
test.afterAll(() => query(`DELETE FROM "Administrator" WHERE email LIKE '%@roles.example'`));

async function openAs(browser: Browser, { email }: { email: string }): Promise<Page> {
  const page = await strangersPage(browser);
  await signInAs(page, email);
  return page;
}

test("a viewer sees what there is, is offered nothing, and is told where a page is closed", async ({
  browser,
}) => {
  const page = await openAs(browser, PEOPLE[0]);
  await page.goto(ACCOUNT);
  await expect(page.getByRole("row", { name: /Roles/ })).toBeVisible();
  await expect(page.getByRole("link", { name: "New Email Account" })).toHaveCount(0);
  await expect(page.getByRole("checkbox")).toHaveCount(0);
  await page.getByRole("link", { name: NAME, exact: true }).first().click();
  await expect(page.getByRole("heading", { level: 1, name: NAME })).toBeVisible();
  for (const name of ["Test connection", /^Sign in as/, "Newest messages"])
    await expect(page.getByRole("button", { name })).toHaveCount(0);
  for (const path of ["/email/accounts/new", "/settings/api-keys", "/settings/audit"]) {
    expect((await page.goto(path))?.status(), path).toBe(403);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }
  await page.context().close();
});

test("an operator signs mailboxes in, and leaves the registration to an administrator", async ({
  browser,
}) => {
  const page = await openAs(browser, PEOPLE[1]);
  await page.goto(PROVIDER);
  await page.getByRole("button", { name: `Actions for ${NAME}` }).click();
  await expect(page.getByRole("menuitem")).toHaveText(["Authenticate"]);
  await page.goto("/email/accounts/new");
  await expect(page.getByRole("button", { name: "Add Email Account" })).toBeVisible();
  await page.context().close();
});

test("a changed role counts at the next request, and nobody changes their own", async ({
  page,
  browser,
}) => {
  const vera = await openAs(browser, PEOPLE[0]);
  await page.goto("/settings/administrators?role=viewer");
  await page.getByRole("link", { name: "Vera" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Vera" })).toBeVisible();
  await page.getByLabel("Role", { exact: true }).selectOption({ label: "Operator" });
  await page.getByRole("button", { name: "Save role" }).click();
  await expect(page.getByText("Vera is now Operator.")).toBeVisible();
  expect((await vera.goto("/email/accounts/new"))?.status()).toBe(200);
  await vera.context().close();
  await page.goto("/settings/administrators");
  const own = page.getByRole("row").filter({ has: page.getByText("(you)") });
  await own.getByRole("link").first().click();
  await expect(page.getByText(/Another administrator can change your role/)).toBeVisible();
  await expect(page.getByLabel("Role", { exact: true })).toHaveCount(0);
});

test("an invitation is renewed, again once it has expired, and revoked", async ({ page }) => {
  await page.goto("/");
  const gone = { role: "Viewer", name: "Gone", email: "gone@roles.example" } as const;
  const first = await invite(page, gone);
  await page.getByRole("button", { name: "New link for Gone" }).click();
  const second = await page.getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  await query(
    `UPDATE "SetupLink" SET "expiresAt" = now() - interval '1 h' WHERE email = '${gone.email}'`,
  );
  await page.reload();
  await expect(page.getByRole("row", { name: /Gone.*Expired/ })).toBeVisible();
  await page.getByRole("button", { name: "Invite again: Gone" }).click();
  await page.getByRole("button", { name: "Done" }).click();
  await expect(page.getByRole("row", { name: /Gone.*Expired/ })).toHaveCount(0);
  await page.getByRole("button", { name: "Revoke the invitation for Gone" }).click();
  await expect(page.getByRole("row", { name: /Gone/ })).toHaveCount(0);
  expect(second).not.toBe(first);
  expect(await query(`SELECT 1 FROM "SetupLink" WHERE email = '${gone.email}'`)).toEqual([]);
});
