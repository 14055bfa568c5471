import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

type Look = {
  /** What the page shows, where its address does not say it. */
  state?: string;
  /** Where the rest lies below a dialog, partly covered. */
  within?: string;
};

/** No violation of WCAG 2.2 A or AA. */
export async function expectAccessible(page: Page, { state, within }: Look = {}): Promise<void> {
  await expect(page).toHaveTitle(/\S/);
  const builder = new AxeBuilder({ page }).include(within ?? "body").withTags(WCAG);
  await expectNone(builder, state ?? page.url());
}

/** The same, in both colour schemes: the second time what depends on colours alone. */
export async function expectAccessibleInBoth(page: Page, state: string): Promise<void> {
  await expectAccessible(page, { state });
  await page.emulateMedia({ colorScheme: "dark" });
  await expectNone(new AxeBuilder({ page }).withRules("color-contrast"), `${state}, dark`);
  await page.emulateMedia({ colorScheme: "light" });
}

async function expectNone(builder: AxeBuilder, state: string): Promise<void> {
  const { violations } = await builder.analyze();
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`);
  expect(found, state).toEqual([]);
}

/** What is folded may hold more that is. */
export async function unfoldAll(page: Page): Promise<void> {
  const folded = page.locator("main details:not([open]) > summary:visible");
  while ((await folded.count()) > 0) await folded.first().click();
}
