import { EventEmitter, once } from "node:events";
import AxeBuilder from "@axe-core/playwright";
import type { Browser, Page } from "@playwright/test";
import { Client } from "pg";
import { expect, installation, invite, joinBy, signIn, signInAs, test } from "./installation";

test.describe.configure({ mode: "serial" });

const EMAIL = "bob@example.com";
const [FIRST, SECOND, THIRD] = [
  "the first sentence of Bob",
  "the second sentence of Bob",
  "the third sentence of Bob",
] as const;

test.afterAll(async () => {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  await client.query(`DELETE FROM "Administrator" WHERE email = $1`, [EMAIL]);
  await client.end();
});

/** Bob, in a browser of his own. */
async function bobsPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ baseURL: installation.url });
  return context.newPage();
}

/** What a dialog shows once. */
const shownLink = (page: Page) =>
  page.getByRole("dialog").getByRole("textbox", { name: "Link" }).inputValue();

/** The next answer to an action waits. @returns lets it come */
async function holdAnswer(page: Page, address: string): Promise<() => Promise<void>> {
  const gate = new EventEmitter();
  const released = once(gate, "release");
  await page.route(address, async (route) => {
    if (route.request().method() !== "POST") return route.continue();
    const response = await route.fetch();
    await released;
    await route.fulfill({ response });
    gate.emit("arrive");
  });
  return async () => {
    const arrived = once(gate, "arrive");
    gate.emit("release");
    await arrived;
    await page.unroute(address);
  };
}

test("who was invited changes the password, which ends the session of another browser", async ({
  page,
  browser,
}) => {
  await signIn(page);
  const link = await invite(page, { role: "Administrator", name: "Bob", email: EMAIL });

  // In the browser of somebody else it says whose session it replaces, on the button as well.
  const here = await page.context().newPage();
  await here.goto(link);
  await expect(
    here.getByText(/^You are signed in as .* Once you have joined, .* is signed out/),
  ).toBeVisible();
  await expect(here.getByRole("button", { name: /^Create account and sign out / })).toBeVisible();
  await here.close();

  const bob = await bobsPage(browser);
  await joinBy(bob, link, FIRST);
  const elsewhere = await bobsPage(browser);
  await signInAs(elsewhere, EMAIL, FIRST);

  await bob.getByRole("button", { name: "Bob" }).click();
  await bob.getByRole("menuitem", { name: "Your profile" }).click();
  await expect(bob.getByRole("heading", { name: "Your profile" })).toBeVisible();
  await expect(bob.getByRole("row")).toHaveCount(3);
  await expect(bob.getByText("This session")).toHaveCount(1);
  await bob.getByLabel("Current password", { exact: true }).fill("some other sentence");
  await bob.getByLabel("New password", { exact: true }).fill(SECOND);
  const change = bob.getByRole("button", { name: "Change password" });
  const answer = await holdAnswer(bob, "**/profile");
  await change.click();
  await bob.getByLabel("Current password", { exact: true }).fill("still another sentence");
  await answer();
  await expect(change).toBeEnabled();
  await expect(bob.getByText("This is not your current password.")).toHaveCount(0);
  await change.click();
  await expect(bob.getByText("This is not your current password.").first()).toBeVisible();
  await bob.getByLabel("Current password", { exact: true }).fill(FIRST);
  await bob.getByRole("button", { name: "Change password" }).click();
  await expect(bob.getByText("All your other sessions have ended.")).toBeVisible();
  await expect(bob.getByRole("row")).toHaveCount(2);
  await elsewhere.goto("/");
  await expect(elsewhere).toHaveURL(/sign-in/);
  const { violations } = await new AxeBuilder({ page: bob })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  await bob.context().close();
  await elsewhere.context().close();
});

test("who forgot the password gets a link from another administrator, which works once", async ({
  page,
  browser,
}) => {
  await signIn(page);
  await page.goto("/settings/administrators");
  await page.getByRole("link", { name: "Bob" }).click();
  await page.getByRole("button", { name: "Create a password link" }).click();
  const link = await shownLink(page);
  await page.getByRole("button", { name: "Done" }).click();

  // In the browser of somebody else it says whose session it replaces.
  const here = await page.context().newPage();
  await here.goto(link);
  await expect(
    here.getByText(
      /^You are signed in as .* Once you are signed in as bob@example\.com, .* is signed out/,
    ),
  ).toBeVisible();
  await expect(
    here.getByRole("button", { name: /^Change password and sign in as / }),
  ).toBeVisible();
  await here.close();

  const bob = await bobsPage(browser);
  await bob.goto(link);
  await expect(bob.getByText(/You are signed in as/)).toHaveCount(0);
  await bob.getByLabel("New password", { exact: true }).fill(THIRD);
  await bob.getByRole("button", { name: "Change password" }).click();
  await expect(bob.getByText("Your password was changed.")).toBeVisible();
  await expect(bob.getByRole("heading", { name: "Overview" })).toBeVisible();

  await page.reload();
  await page.getByRole("button", { name: "End all sessions" }).click();
  await expect(page.getByText("Bob is not signed in.")).toBeVisible();
  await bob.goto(link);
  await bob.reload();
  await expect(bob.getByRole("heading", { name: "This link doesn't work" })).toBeVisible();
  await expect(bob.getByText(/already used or has expired/)).toBeVisible();
  await expect(bob.getByLabel("New password", { exact: true })).toHaveCount(0);
  await bob.context().close();
});
