import { query } from "./database";
import { expect, invite, joinBy, signInAs, strangersPage, test } from "./installation";

test.describe.configure({ mode: "serial" });

const EMAIL = "bob@people.example";
const [FIRST, SECOND, THIRD] = [
  "the first sentence of Bob",
  "the second sentence of Bob",
  "the third sentence of Bob",
] as const;

test.afterAll(() => query(`DELETE FROM "Administrator" WHERE email = $1`, [EMAIL]));

test("somebody who was invited changes the password, which ends the session of another browser", async ({
  page,
  browser,
}) => {
  const link = await invite(page, { role: "Administrator", name: "Bob", email: EMAIL });
  // In the browser of somebody else it says whose session it replaces.
  const here = await page.context().newPage();
  await here.goto(link);
  await expect(here.getByRole("button", { name: /^Create account and sign out / })).toBeVisible();

  const bob = await strangersPage(browser);
  await joinBy(bob, link, FIRST);
  const elsewhere = await strangersPage(browser);
  await signInAs(elsewhere, EMAIL, FIRST);
  await bob.goto("/profile");
  await expect(bob.getByRole("row")).toHaveCount(3);
  const current = bob.getByLabel("Current password", { exact: true });
  const change = bob.getByRole("button", { name: "Change password" });
  await current.fill("some other sentence");
  await bob.getByLabel("New password", { exact: true }).fill(SECOND);
  await change.click();
  await expect(current).toHaveAttribute("aria-invalid", "true");
  await current.fill(FIRST);
  await change.click();
  await expect(bob.getByText("All your other sessions have ended.")).toBeVisible();
  await expect(bob.getByRole("row")).toHaveCount(2);
  await elsewhere.goto("/");
  await expect(elsewhere).toHaveURL(/sign-in/);
  await bob.context().close();
  await elsewhere.context().close();
});

test("somebody who forgot the password gets a link from another administrator, which works once", async ({
  page,
  browser,
}) => {
  await page.goto("/settings/administrators");
  await page.getByRole("link", { name: "Bob" }).click();
  await page.getByRole("button", { name: "Create a password link" }).click();
  const link = await page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();
  await page.getByRole("button", { name: "Done" }).click();
  const here = await page.context().newPage();
  await here.goto(link);
  await expect(
    here.getByRole("button", { name: /^Change password and sign in as / }),
  ).toBeVisible();

  const bob = await strangersPage(browser);
  await bob.goto(link);
  await bob.getByLabel("New password", { exact: true }).fill(THIRD);
  await bob.getByRole("button", { name: "Change password" }).click();
  await expect(bob.getByRole("heading", { name: "Overview" })).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "End all sessions" }).click();
  await expect(page.getByText("Bob is not signed in.")).toBeVisible();
  await bob.goto(link);
  await bob.reload();
  await expect(bob.getByRole("heading", { name: "This link doesn't work" })).toBeVisible();
  await expect(bob.getByLabel("New password", { exact: true })).toHaveCount(0);
  await bob.context().close();
});
