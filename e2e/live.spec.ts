import {
  ADMIN,
  adminsPage,
  expect,
  invite,
  joinBy,
  signInAs,
  signInAtSandbox,
  strangersPage,
  test,
} from "./installation";
import { addProvider } from "./objects";

test("another administrator's open page shows a sign-in without being loaded again", async ({
  page,
  browser,
}) => {
  await page.goto(await addProvider("Live"));
  const other = await adminsPage(browser);
  await other.goto("/settings/cloud-providers?search=live");
  const row = other.getByRole("row", { name: /Live/ });
  await expect(row).toContainText("Not signed in");
  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "adele@contoso.test");
  await expect(row).toContainText("adele@contoso.test");
  await other.context().close();
});

test("signing out leaves nothing behind of what was typed into a form", async ({ browser }) => {
  const page = await strangersPage(browser);
  await signInAs(page, ADMIN);
  await page.goto("/email/accounts/new");
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("A secret plan");

  await page.getByRole("button", { name: /Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
  expect(kept).not.toContain("secret plan");
  await page.context().close();
});

test("an invited administrator comes in by the link, and disabling throws them out at once", async ({
  page,
  browser,
}) => {
  const person = { role: "Administrator", name: "Ada Invited", email: "ada@live.example" } as const;
  const link = await invite(page, person);
  const invited = await strangersPage(browser);
  await joinBy(invited, link);

  await page.reload();
  await page.getByRole("button", { name: "Actions for Ada Invited" }).click();
  await page.getByRole("menuitem", { name: "Disable" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Disable" }).click();
  await expect(page.getByRole("row", { name: /Ada Invited/ })).toContainText("Disabled");
  await invited.reload();
  await expect(invited).toHaveURL(/\/sign-in$/);
  await invited.context().close();
});
