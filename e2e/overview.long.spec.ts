import type { Page } from "@playwright/test";
import { expectAccessibleInBoth, unfoldAll } from "./axe";
import { query } from "./database";
import { expect, test } from "./installation";

/** Counts of the last three hours, as web and keeper would have kept them. */
test.beforeAll(() =>
  query(`INSERT INTO "CounterBucket" (span, at, name, labels, value)
    SELECT s.span, date_bin(s.width, now() - n * s.step, 'epoch'::timestamptz), x.name, x.labels, x.value
    FROM (VALUES ('5m', interval '5 minutes', interval '5 minutes'), ('1h', '1 hour', '1 hour'),
        ('6h', '6 hours', '1 hour'), ('1d', '24 hours', '1 hour')) AS s (span, width, step),
      generate_series(1, 3) n,
      (VALUES ('postkey_token_refreshes_total', 'result="renewed"', 20),
        ('postkey_token_refreshes_total', 'result="refused"', 2),
        ('postkey_connection_test_duration_seconds_bucket', 'le="0.5",protocol="imap"', 9),
        ('postkey_connection_test_duration_seconds_bucket', 'le="+Inf",protocol="imap"', 9)) AS x (name, labels, value)
    ON CONFLICT DO NOTHING`),
);

/** Of the chart library, among what the page has loaded. */
const chartScripts = (page: Page) =>
  page.evaluate(async () => {
    const urls = performance.getEntriesByType("resource").map(({ name }) => name);
    const scripts = urls.filter((url) => url.includes("/_next/static/") && /\.js/.test(url));
    const texts = await Promise.all(scripts.map(async (url) => (await fetch(url)).text()));
    return texts.filter((text) => text.includes("recharts-")).length;
  });

test("the keyboard opens the table of a chart, which has its values", async ({ page }) => {
  await page.goto("/");
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

test("the Overview with its charts passes WCAG 2.2 AA", async ({ page }) => {
  await page.goto("/");
  const chart = page.getByRole("img", { name: /^Renewals\. / });
  await chart.scrollIntoViewIfNeeded();
  await expect(chart.locator("svg path").first()).toBeVisible();
  await unfoldAll(page);
  await expectAccessibleInBoth(page, "Overview");
});

test("the chart library is loaded where there are charts alone", async ({ page }) => {
  await page.goto("/");
  await page.getByRole("img", { name: /^Renewals\. / }).scrollIntoViewIfNeeded();
  await expect.poll(() => chartScripts(page)).toBeGreaterThan(0);
  await page.goto("/email/accounts");
  await expect(page.getByRole("heading", { name: "Email Accounts", level: 1 })).toBeVisible();
  await page.waitForLoadState("networkidle").catch(() => {});
  expect(await chartScripts(page)).toBe(0);
});
