import type { Locator, Page } from "@playwright/test";
import { addAccounts, query } from "./database";
import { addProvider, expect, installation, signIn, test } from "./installation";
import { holdScripts, untilReady } from "./ready";

const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };
const COUNT = 40;

test.beforeAll(() => addAccounts("Around", { to: COUNT }));

test.beforeAll(async () => {
  await query(`INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
    SELECT gen_random_uuid(), 'Around tenant ' || n, 'around tenant ' || n, 'x', 'x', 'https://x.test/'
    FROM generate_series(1, 60) n`);
  await query(`INSERT INTO "ContactList" (id, name, "nameKey")
    SELECT gen_random_uuid(), 'Around list ' || n, 'around list ' || n FROM generate_series(1, 60) n`);
});

test.afterAll(async () => {
  await query(`DELETE FROM "ContactList" WHERE name LIKE 'Around list%'`);
  await query(`DELETE FROM "EmailAccount" WHERE name LIKE 'Around%'`);
  await query(`DELETE FROM "CloudProvider" WHERE name LIKE 'Around%'`);
  await query(`DELETE FROM "Incident" WHERE cause = 'around'`);
  await query(`DELETE FROM "AlertChannel" WHERE name LIKE 'Around%'`);
});

const scrollTop = (page: Page) => page.evaluate(() => Math.round(window.scrollY));

test.describe("a page", () => {
  for (const from of [40, 700])
    test(`opened from one scrolled by ${from} begins at its top, and back finds the place`, async ({
      page,
    }) => {
      await page.setViewportSize({ width: 1280, height: 500 });
      await signIn(page);
      await page.goto("/help/errors");
      const link = page.getByRole("main").locator("a[href^='/help/errors/']");
      await expect(link.nth(30)).toBeVisible();
      await page.evaluate((top) => window.scrollTo(0, top), from);
      await expect.poll(() => scrollTop(page)).toBe(from);
      await link.nth(from === 40 ? 0 : 12).click();
      await expect(page).toHaveURL(/\/help\/errors\/./);
      await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
      await expect.poll(() => scrollTop(page)).toBe(0);
      await page.goBack();
      await expect(page).toHaveURL(/\/help\/errors$/);
      await expect.poll(() => scrollTop(page)).toBeGreaterThanOrEqual(Math.min(from, 300));
    });

  test("begins at its top after a save, too", async ({ page }) => {
    await page.setViewportSize({ width: 1280, height: 500 });
    await signIn(page);
    await addProvider(page, "Around a save");
    await expect.poll(() => scrollTop(page)).toBe(0);
  });
});

const PICKED = [
  ["Cloud Provider", "Around tenant 60"],
  ["List", "Around list 60"],
] as const;

/** A page whose live stream notices the end leads to the sign-in by itself: what comes next shall. */
const withoutLiveStream = (page: Page) => page.route("**/api/events*", (route) => route.abort());

const endSessions = () => query(`DELETE FROM "Session"`);

async function signInAgain(page: Page): Promise<void> {
  await page.getByLabel("Email").fill("admin@example.com");
  await page.getByLabel("Password", { exact: true }).fill(installation.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
}

test.describe("the end of a session", () => {
  test("is said, and the sign-in leads to the page that was wanted", async ({ page }) => {
    await withoutLiveStream(page);
    await signIn(page);
    await page.goto("/email/accounts?search=Around");
    await endSessions();
    await page.getByRole("link", { name: "Next page" }).click();
    await expect(page.getByText("Your session ended. Sign in to continue.")).toBeVisible();
    await signInAgain(page);
    await expect(page).toHaveURL(/\/email\/accounts\?search=Around&.*after=/);
    await expect(page.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();
  });

  test("is said where a connection test is asked for", async ({ page }) => {
    await withoutLiveStream(page);
    await signIn(page);
    const [account] = await query(`SELECT id FROM "EmailAccount" WHERE name = 'Around 1'`);
    await page.goto(`/email/accounts/${account?.id}`);
    await endSessions();
    await page.getByRole("button", { name: "Test connection" }).click();
    await expect(page.getByText("Your session ended. Sign in to continue.")).toBeVisible();
    await signInAgain(page);
    await expect(page).toHaveURL(new RegExp(`/email/accounts/${account?.id}$`));
  });

  test("keeps what was typed into a form, without secrets", async ({ page }) => {
    const { clientId, clientSecret } = installation.registration;
    await withoutLiveStream(page);
    await signIn(page);
    await page.goto("/settings/cloud-providers/new");
    await page.getByLabel("Name").fill("Around a draft");
    await page.getByLabel("Application Id").fill(clientId);
    await page.getByLabel("Tenant Id").fill(installation.registration.tenantId);
    await page.getByRole("textbox", { name: "Client Secret" }).fill(clientSecret);
    await endSessions();
    await page.getByRole("button", { name: "Add Cloud Provider" }).click();
    await expect(
      page.getByText("Your session ended. Sign in to continue; what you typed is kept."),
    ).toBeVisible();
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(kept).toContain(clientId);
    expect(kept).not.toContain(clientSecret);
    await signInAgain(page);
    await expect(page).toHaveURL(/\/settings\/cloud-providers\/new$/);
    await expect(page.getByLabel("Name")).toHaveValue("Around a draft");
    await expect(page.getByLabel("Application Id")).toHaveValue(clientId);
    await expect(page.getByRole("textbox", { name: "Client Secret" })).toHaveValue("");
    await page.getByRole("link", { name: "Cancel" }).click();
    await expect(page).toHaveURL(/\/settings\/cloud-providers$/);
    await page.goto("/settings/cloud-providers/new");
    await expect(page.getByLabel("Name")).toHaveValue("");
  });

  test("keeps what was chosen beside the fields of a form", async ({ page }) => {
    await withoutLiveStream(page);
    await signIn(page);
    await page.goto("/email/accounts/new");
    const shared = page.getByRole("radio", { name: "Shared mailbox" });
    await shared.check();
    await endSessions();
    await page.getByRole("textbox", { name: "Name" }).fill("Around a shared one");
    await page.getByRole("textbox", { name: "Key" }).fill("around");
    await page.reload();
    await signInAgain(page);
    await expect(page).toHaveURL(/\/email\/accounts\/new$/);
    await expect(shared).toBeChecked();
    await page.getByRole("link", { name: "Cancel" }).click();
    await expect(page).toHaveURL(/\/email\/accounts$/);
    await page.goto("/email/accounts/new");
    await expect(page.getByRole("radio", { name: "Own mailbox" })).toBeChecked();
  });

  test("is noticed by a page that is only looked at", async ({ page }) => {
    await signIn(page);
    await page.goto("/contacts");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await endSessions();
    await expect(page.getByText("Your session ended. Sign in to continue.")).toBeVisible({
      timeout: 60_000,
    });
    await signInAgain(page);
    await expect(page).toHaveURL(/\/contacts$/);
  });

  test("keeps what was typed into a form also when the page notices it by itself", async ({
    page,
  }) => {
    await signIn(page);
    await page.goto("/email/accounts/new");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Around half typed");
    // Beyond the choices that come with the page.
    for (const [field, name] of PICKED) {
      await page.getByRole("combobox", { name: field, exact: true }).fill(name);
      await page.getByRole("option", { name }).click();
    }
    await endSessions();
    await expect(page.getByText("Your session ended.", { exact: false })).toBeVisible({
      timeout: 60_000,
    });
    await signInAgain(page);
    await expect(page).toHaveURL(/\/email\/accounts\/new$/);
    await expect(page.getByRole("textbox", { name: "Name", exact: true })).toHaveValue(
      "Around half typed",
    );
    for (const [field, name] of PICKED)
      await expect(page.getByRole("combobox", { name: field, exact: true })).toHaveValue(name);
  });

  test("is not said to who signed out, and leaves nothing of them", async ({ page }) => {
    await signIn(page);
    await page.goto("/email/accounts/new");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill("Around a secret plan");
    await page.getByRole("button", { name: /Signed in as/ }).click();
    await page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(page).toHaveURL(/\/sign-in$/);
    await expect(page.getByText("Your session ended.", { exact: false })).toHaveCount(0);
    const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }));
    expect(kept).not.toContain("secret plan");
  });

  test("leads to no other site", async ({ page }) => {
    await page.goto("/sign-in?from=//evil.test/");
    await signInAgain(page);
    await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
  });
});

async function boxOf(locator: Locator) {
  const box = await locator.boundingBox();
  if (!box) throw new Error("This is not on the page.");
  return box;
}

/** Whether two things on the page lie over each other. */
async function overlap(one: Locator, other: Locator): Promise<boolean> {
  const [a, b] = [await boxOf(one), await boxOf(other)];
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

/** Buttons and links in the colour of the one with this label. */
const primaryActions = (add: Locator) =>
  add.evaluate((node) => {
    const colour = (each: Element) => getComputedStyle(each).backgroundColor;
    return [...document.querySelectorAll("main a, main button")].filter(
      (each) => each.checkVisibility() && colour(each) === colour(node),
    ).length;
  });

const ADDS = [
  ["/email/accounts?search=Around", "New Email Account"],
  ["/settings/cloud-providers", "New Cloud Provider"],
  ["/settings/alerts", "New alert channel"],
  ["/settings/api-keys", "New API key"],
  ["/settings/administrators", "Invite a person"],
] as const;

test.describe("the + button", () => {
  for (const [size, viewport] of [
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ] as const)
    test(`is the one primary action of each list, at the lower right, ${size}`, async ({
      page,
    }) => {
      await page.setViewportSize(viewport);
      await signIn(page);
      if (size === "desktop") await addProvider(page, "Around");
      for (const [path, label] of ADDS) {
        await page.goto(path);
        const add = page.locator("main").locator(`[aria-label="${label}"]`);
        await expect(add, path).toBeInViewport();
        const { x, y } = await boxOf(add);
        expect(x, path).toBeGreaterThan(viewport.width - 120);
        expect(y, path).toBeGreaterThan(viewport.height - 120);
        expect(await primaryActions(add), path).toBe(1);
        await add.focus();
        const tip = await add.evaluate((node) => getComputedStyle(node, "::before").content);
        expect(tip, path).toBe(`"${label}"`);
      }
    });

  for (const [size, viewport] of [
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ] as const)
    test(`hides no pager and no menu of a row, ${size}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await signIn(page);
      await page.goto("/email/accounts?search=Around");
      await page.getByLabel("Select Around 1", { exact: true }).check();
      await page.evaluate(() => window.scrollTo(0, document.body.scrollHeight));
      const add = page.getByRole("link", { name: "New Email Account" });
      const menus = page.getByRole("button", { name: /^Actions for Around/ });
      for (const other of [
        page.getByRole("link", { name: "Next page" }),
        page.getByText(/1–25 of 40/),
        menus.last(),
      ])
        expect(await overlap(add, other)).toBe(false);
      // Not only beside it: it can be pressed.
      await menus.last().click();
      await expect(page.getByRole("menu")).toBeVisible();
    });
});

test("one banner is shown, the worst, and the others are one click away", async ({ page }) => {
  await query(`INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts, "peakAccounts", "accountNames", "announcedAt")
    VALUES (gen_random_uuid(), 'around', 'platform', 'temporarily_unavailable', 'Around', 1, 1, '{}', now())`);
  await query(`INSERT INTO "AlertChannel" (id, kind, name, "nameKey", target, "createdByName", "failingSince")
    VALUES (gen_random_uuid(), 'webhook', 'Around', 'around',
      '{"kind":"webhook","origin":"https://around.example.com"}', 'Around', now())`);
  await signIn(page);
  const area = page.getByRole("region", { name: "Warnings" });
  await expect(area).toHaveCount(1);
  const channel = area.getByText("Alerts through “Around” are failing", { exact: false });
  // Nothing fails for it: at the keeper's next look it recovers, and is no warning any more.
  await expect(async () => {
    await query(`UPDATE "Incident" SET "quietSince" = NULL WHERE cause = 'around'`);
    await page.reload();
    await expect(channel).toBeHidden({ timeout: 3_000 });
    await area.locator("summary").click({ timeout: 3_000 });
    await expect(channel).toBeVisible({ timeout: 3_000 });
  }).toPass();
  await query(`DELETE FROM "Incident" WHERE cause = 'around'`);
  await query(`DELETE FROM "AlertChannel" WHERE name = 'Around'`);
});

test.describe("a toast", () => {
  for (const [size, viewport] of [
    ["desktop", DESKTOP],
    ["phone", PHONE],
  ] as const)
    test(`covers neither + nor pager, and leaves by itself, ${size}`, async ({ page }) => {
      await page.setViewportSize(viewport);
      await signIn(page);
      await page.goto("/email/accounts?search=Around");
      await page.getByRole("button", { name: "Actions for Around 2", exact: true }).click();
      const item = page.getByRole("menuitem", { name: /^(Deactivate|Activate)$/ });
      const isActive = (await item.textContent()) === "Deactivate";
      await item.click();
      if (isActive)
        await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
      const toast = page.getByRole("main").getByRole("status").filter({ hasText: "Around 2" });
      await expect(toast).toBeVisible();
      for (const other of [
        page.getByRole("link", { name: "New Email Account" }),
        page.getByRole("link", { name: "Next page" }),
      ])
        expect(await overlap(toast, other)).toBe(false);
      // Where the pointer happens to be upon it, it would stay.
      await page.mouse.move(0, 0);
      await expect(toast).toBeHidden();
    });

  test("stays while it has the pointer or the focus, and leaves ten seconds after that", async ({
    page,
  }) => {
    await signIn(page);
    await page.goto("/email/accounts?search=Around");
    await page.getByRole("button", { name: "Actions for Around 3", exact: true }).click();
    const item = page.getByRole("menuitem", { name: "Deactivate" });
    await item.click();
    await page.clock.install();
    await page.getByRole("dialog").getByRole("button", { name: "Deactivate" }).click();
    const toast = page.getByRole("main").getByRole("status").filter({ hasText: "Around 3" });
    await toast.hover();
    await page.clock.fastForward("01:00");
    await expect(toast).toBeVisible();
    const dismiss = toast.getByRole("button", { name: "Dismiss" });
    await dismiss.focus();
    await page.mouse.move(0, 0);
    await page.clock.fastForward("01:00");
    await expect(toast).toBeVisible();
    await dismiss.blur();
    await expect(toast).toBeVisible();
    await page.clock.fastForward("00:11");
    await expect(toast).toBeHidden();
  });

  test("of what leads to another page is read there too, where that takes seconds to open", async ({
    page,
  }) => {
    const [list] = await query(`SELECT id FROM "ContactList" WHERE name = 'Around list 59'`);
    await signIn(page);
    await page.goto(`/contacts/${list?.id}`);
    await page.getByRole("button", { name: "Actions for Around list 59" }).click();
    await page.getByRole("menuitem", { name: "Delete" }).click();
    await page.route(/\/contacts\?_rsc=/, async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 3_000));
      await route.continue();
    });
    await page.getByRole("dialog").getByRole("button", { name: "Delete", exact: true }).click();
    await expect(page.getByRole("heading", { name: "Contacts Manager", level: 1 })).toBeVisible();
    await expect(page.getByText("The list Around list 59 was deleted.")).toBeVisible();
  });

  test("of a problem stays until it is dismissed, or what it is about is tried again", async ({
    page,
    context,
  }) => {
    await signIn(page);
    await page.goto("/settings/administrators");
    await page.getByRole("button", { name: "Invite a person" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Create link" }).click();
    await page.getByRole("button", { name: "Done" }).click();
    const invite = page.getByRole("button", { name: "New link for Anyone with the link" }).first();
    await page.clock.install();
    await context.setOffline(true);
    await invite.click();
    const toast = page.getByRole("alert").filter({ hasText: "Postkey is not responding" });
    await expect(toast).toBeVisible();
    await page.clock.fastForward("02:00");
    await expect(toast).toBeVisible();
    expect(await overlap(toast, invite)).toBe(false);
    await context.setOffline(false);
    await invite.click();
    await expect(page.getByRole("dialog")).toBeVisible();
    await expect(toast).toHaveCount(0);
    await page.getByRole("button", { name: "Done" }).click();
    await page
      .getByRole("button", { name: /^Revoke the invitation/ })
      .first()
      .click();
    await expect(page.getByText("The invitation was revoked.", { exact: false })).toBeVisible();
  });
});

test.describe("on a phone", () => {
  test.use({ viewport: PHONE });

  test("the filters of the audit trail are folded, and say how many of them are on", async ({
    page,
  }) => {
    await signIn(page);
    await page.goto("/settings/audit");
    const result = page.getByLabel("Result");
    await expect(page.locator("tbody tr").first()).toBeInViewport({ ratio: 1 });
    await expect(result).toBeHidden();
    await page.getByRole("button", { name: "Filters" }).click();
    await result.selectOption({ label: "Refused" });
    await expect(page.getByRole("button", { name: "Filters (1)" })).toBeVisible();
    await expect(page).toHaveURL(/result=refused/);
  });

  test("a filter of a list that is folded is told as well", async ({ page }) => {
    await signIn(page);
    await page.goto("/settings/cloud-providers?shownState=connected");
    await expect(page.getByRole("button", { name: "Filters (1)" })).toBeVisible();
    await page.goto("/email/accounts?search=Around&service=outlook365");
    await expect(page.getByRole("link", { name: "Service: Outlook365" })).toBeVisible();
  });

  test("a menu that is alone stands beside the heading", async ({ page }) => {
    await signIn(page);
    await page.goto("/email/accounts?search=Around");
    await page.getByRole("link", { name: "Around 2", exact: true }).click();
    const heading = page.getByRole("heading", { level: 1, name: "Around 2", exact: true });
    await expect(heading).toBeVisible();
    const name = "Actions for Around 2";
    const menu = await boxOf(page.getByRole("button", { name, exact: true }));
    const { y, height } = await boxOf(heading);
    expect(menu.y).toBeLessThan(y + height);
    expect(menu.x).toBeGreaterThan(PHONE.width / 2);
  });
});

test("the button of the sign-in is busy until the next page is there", async ({ page }) => {
  await page.goto("/sign-in");
  await untilReady(page);
  const held: (() => void)[] = [];
  await page.route(
    (url) => url.searchParams.has("_rsc"),
    async (route) => {
      await new Promise<void>((release) => held.push(release));
      await route.continue().catch(() => {}); // given up meanwhile
    },
  );
  const answered = page.waitForResponse((response) =>
    response.url().includes("/callback/credentials"),
  );
  await page.getByLabel("Email").fill("admin@example.com");
  await page.getByLabel("Password", { exact: true }).fill(installation.password);
  const button = page.getByRole("button", { name: "Sign in", exact: true });
  await button.click();
  await answered;
  await expect.poll(() => held.length).toBeGreaterThan(0);
  await expect(button).toBeDisabled();
  await page.unrouteAll({ behavior: "ignoreErrors" });
  for (const release of held) release();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});

const LISTS = ["/email/accounts", "/settings/cloud-providers", "/contacts"];
const SCRIPT_KB = 200;

for (const path of LISTS)
  test(`${path} loads at most ${SCRIPT_KB} KB of JavaScript`, async ({ page, browser }) => {
    await signIn(page);
    const { cookies } = await page.context().storageState();
    const fresh = await browser.newContext({ baseURL: installation.url });
    await fresh.addCookies(cookies);
    const list = await fresh.newPage();
    const sizes: Promise<number>[] = [];
    list.on("requestfinished", (request) => {
      if (request.resourceType() === "script")
        sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize));
    });
    await list.goto(path);
    // What is fetched ahead of a click counts as well.
    await list.waitForLoadState("networkidle").catch(() => {});
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    expect(bytes).toBeGreaterThan(50 * 1024);
    expect(bytes / 1024).toBeLessThanOrEqual(SCRIPT_KB);
    await fresh.close();
  });

test("what is typed before the sign-in page is ready stays, and is in no address", async ({
  page,
}) => {
  const release = await holdScripts(page);
  await page.goto("/sign-in", { waitUntil: "domcontentloaded" });
  await page.getByLabel("Email").fill("admin@example.com");
  const password = page.getByLabel("Password", { exact: true });
  await password.fill(installation.password);
  await password.press("Enter");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page).toHaveURL(/\/sign-in$/);
  release();
  await untilReady(page);
  await expect(password).toHaveValue(installation.password);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Overview" })).toBeVisible();
});
