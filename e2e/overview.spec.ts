import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { Client } from "pg";
import { addAccount, addProvider, expect, installation, signIn, test } from "./installation";

/** Counts of the last three hours, as web and keeper would have kept them. */
async function recordHistory(): Promise<void> {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    await client.query(`INSERT INTO "CounterBucket" (span, at, name, labels, value)
      SELECT s.span, date_bin(s.width, now() - n * s.step, 'epoch'::timestamptz), x.name, x.labels, x.value
      FROM (VALUES ('5m', interval '5 minutes', interval '5 minutes'), ('1h', '1 hour', '1 hour'),
          ('6h', '6 hours', '1 hour'), ('1d', '24 hours', '1 hour')) AS s (span, width, step),
        generate_series(1, 3) n,
        (VALUES ('postkey_token_refreshes_total', 'result="renewed"', 20),
          ('postkey_token_refreshes_total', 'result="refused"', 2),
          ('postkey_connection_test_duration_seconds_bucket', 'le="0.5",protocol="imap"', 9),
          ('postkey_connection_test_duration_seconds_bucket', 'le="+Inf",protocol="imap"', 9)) AS x (name, labels, value)
      ON CONFLICT DO NOTHING`);
  } finally {
    await client.end();
  }
}

async function expectNoViolation(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`)).toEqual([]);
}

/** Of the chart library, among what the page has loaded. */
const chartScripts = (page: Page) =>
  page.evaluate(async () => {
    const urls = performance.getEntriesByType("resource").map(({ name }) => name);
    const scripts = urls.filter((url) => url.includes("/_next/static/") && /\.js/.test(url));
    const texts = await Promise.all(scripts.map(async (url) => (await fetch(url)).text()));
    return texts.filter((text) => text.includes("recharts-")).length;
  });

test.beforeAll(async ({ browser }) => {
  await recordHistory();
  const page = await browser.newPage({ baseURL: installation.url });
  await signIn(page);
  await addProvider(page, "Overviewed");
  await addAccount(page, {
    name: "Overviewed",
    key: "ovr",
    address: "overview@contoso.test",
    provider: "Overviewed",
  });
  await page.close();
});

test("a tile of the Overview leads to the accounts that it counts", async ({ page }) => {
  await signIn(page);
  const tiles = page.getByRole("navigation", { name: "Email accounts by state" });
  const tile = tiles.getByRole("link", { name: /No valid sign-in/ });
  const count = Number((await tile.locator("strong").textContent())?.replace(",", ""));
  expect(count).toBeGreaterThan(0);
  await tile.click();
  await expect(page).toHaveURL(/view=not_signed_in/);
  await expect(page.getByRole("link", { name: "Overviewed" }).first()).toBeVisible();
  await expect(page.getByRole("link", { name: /^No valid sign-in/ })).toContainText(String(count));
});

test("charts are switched to another time, and an unknown time is said", async ({ page }) => {
  await signIn(page);
  await expect(page.getByText(/renewed and .* failed in the last 24 hours/)).toBeVisible();
  await expect(
    page.getByText(/Recording began 3 hours ago|Recording began 4 hours ago/),
  ).toBeVisible();
  const times = page.getByRole("navigation", { name: "Time of the charts" });
  await times.getByRole("link", { name: "Last hour" }).click();
  await expect(page).toHaveURL(/range=hour/);
  await expect(page.getByText(/renewed and .* failed in the last hour/)).toBeVisible();
  await expect(page.getByText(/Recording began/)).toHaveCount(0);
  await page.goto("/?range=year");
  await expect(page.getByText("range=year in the address is unknown.")).toBeVisible();
  await expect(page.getByText(/in the last 24 hours/).first()).toBeVisible();
});

test("the keyboard opens the table of a chart, which has its values", async ({ page }) => {
  await signIn(page);
  const summary = page.locator("summary", { hasText: "Show as a table: Renewals" });
  await summary.focus();
  await page.keyboard.press("Enter");
  const table = page.getByRole("table").filter({ hasText: "Renewed" });
  await expect(table).toBeVisible();
  await expect(table.getByRole("row")).toHaveCount(25);
  await expect(table.getByRole("columnheader").first()).toHaveText(/^From \(.+\)$/);
  // Before the first row nothing is known; after it none is 0.
  await expect(table.getByRole("row").nth(1).getByRole("cell").first()).toHaveText("–");
  await expect(table.getByRole("row").nth(22).getByRole("cell").first()).toHaveText("20");
});

test("a test run that failed is red, leads to its accounts and tests them again", async ({
  page,
}) => {
  test.slow(); // the keeper tests three times
  await signIn(page);
  await page.goto("/email/accounts?search=Overviewed");
  await page.getByRole("checkbox", { name: "Select Overviewed" }).check();
  await page.getByRole("button", { name: "Test selected (1)" }).click();
  await page.waitForURL(/tests\/[0-9a-f-]{36}$/);
  const first = page.url();
  await expect(page.locator("[data-tint=red]", { hasText: "1 failed" })).toBeVisible();
  const cause = page.locator("[data-remedy='postkey.not_signed_in']");
  await expect(
    cause.getByRole("button", { name: "Sign in as overview@contoso.test" }),
  ).toBeVisible();
  await cause.getByRole("button", { name: "Test again" }).click();
  await page.waitForURL((url) => url.href !== first);
  const second = page.url();
  await expect(page.locator("[data-tint=red]", { hasText: "1 failed" })).toBeVisible();
  await page.getByRole("button", { name: "Test these again" }).click();
  await page.waitForURL((url) => url.href !== second);
  await expect(page.locator("[data-tint=red]", { hasText: "1 failed" })).toBeVisible();
  await page.getByRole("link", { name: "Show 1 account" }).click();
  await expect(page.getByRole("link", { name: "Failed in a test run" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Overviewed", exact: true }).first()).toBeVisible();
});

test("the page of an account asks for one thing by its filled button", async ({ page }) => {
  await signIn(page);
  await page.goto("/email/accounts?search=Overviewed");
  await page.getByRole("link", { name: "Overviewed", exact: true }).first().click();
  const filled = page.getByRole("main").locator("[data-variant=filled]");
  await expect(page.getByRole("button", { name: "Test connection" })).toBeVisible();
  await expect(filled).toHaveText(["Sign in as overview@contoso.test"]);
});

for (const colorScheme of ["light", "dark"] as const)
  test(`the Overview with its charts passes WCAG 2.2 AA, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await signIn(page);
    const chart = page.getByRole("img", { name: /^Renewals\. / });
    await chart.scrollIntoViewIfNeeded();
    await expect(chart.locator("svg path").first()).toBeVisible();
    const folded = page.locator("main details:not([open]) > summary:visible");
    while ((await folded.count()) > 0) await folded.first().click();
    await expectNoViolation(page);
  });

test("the chart library is loaded where there are charts alone", async ({ page }) => {
  await signIn(page);
  await page.getByRole("img", { name: /^Renewals\. / }).scrollIntoViewIfNeeded();
  await expect.poll(() => chartScripts(page)).toBeGreaterThan(0);
  await page.goto("/email/accounts");
  await expect(page.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();
  await page.waitForLoadState("networkidle").catch(() => {});
  expect(await chartScripts(page)).toBe(0);
});
