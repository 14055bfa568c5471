import { setTimeout as sleep } from "node:timers/promises";
import {
  addProvider,
  expect,
  installation,
  invite,
  joinBy,
  signIn,
  signInAtSandbox,
  test,
} from "./installation";

test("another administrator's open page shows a sign-in within a second, without reloading", {
  tag: "@alone",
}, async ({ page, browser }) => {
  await signIn(page);
  await addProvider(page, "Live");
  const other = await (await browser.newContext()).newPage();
  await signIn(other);
  await other.goto("/settings/cloud-providers");
  await expect(other.getByRole("row", { name: /Live/ })).toContainText("Not signed in");

  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "adele@contoso.test");
  await expect(other.getByRole("row", { name: /Live/ })).toContainText("adele@contoso.test", {
    timeout: 1_000,
  });
  await other.context().close();
});

test("a page that nobody touched for 20 minutes shows what it missed as soon as somebody is back", async ({
  page,
  browser,
}) => {
  await signIn(page);
  await addProvider(page, "Missed");
  const other = await (await browser.newContext()).newPage();
  await other.clock.install();
  await signIn(other);
  await other.goto("/settings/cloud-providers");
  const row = other.getByRole("row", { name: /Missed/ });
  await expect(row).toContainText("Not signed in");
  await other.clock.fastForward("21:00");

  await page.getByRole("button", { name: "Authenticate" }).click();
  await signInAtSandbox(page, "adele@contoso.test");
  await sleep(3_000); // the notice is there long before
  await expect(row).toContainText("Not signed in");
  await other.mouse.move(100, 100);
  await expect(row).toContainText("adele@contoso.test");
  await other.context().close();
});

test("ten tabs of one browser share one stream, and all of them load", async ({
  page,
  context,
}) => {
  await signIn(page);
  for (let tab = 0; tab < 9; tab += 1) {
    const next = await context.newPage();
    await next.goto("/email/accounts");
    await expect(next.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();
  }
});

test("signing out ends the session at once, also for a copied cookie", async ({
  page,
  browser,
}) => {
  await signIn(page);
  const copied = await browser.newContext({ storageState: await page.context().storageState() });
  const thief = await copied.newPage();
  await thief.goto("/email/accounts");
  await expect(thief.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();

  await page.getByRole("button", { name: /Signed in as/ }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  await thief.reload();
  await expect(thief).toHaveURL(/\/sign-in\?from=%2Femail%2Faccounts$/);
  await copied.close();
});

test("an invited administrator comes in by the link, and disabling throws him out at once", async ({
  page,
  browser,
}) => {
  await signIn(page);
  const email = "ada@contoso.test";
  const link = await invite(page, { role: "Administrator", name: "Ada Invited", email });

  const context = await browser.newContext({ baseURL: installation.url });
  const invited = await context.newPage();
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
