import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

const WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** No violation of WCAG 2.2 A or AA. */
export async function expectAccessible(page: Page, state = page.url()): Promise<void> {
  const { violations } = await new AxeBuilder({ page })
    .options({ runOnly: WCAG, resultTypes: ["violations"] })
    .setLegacyMode() // No page has frames.
    .analyze();
  expect(violations.map(inShort), state).toEqual([]);
}

/** The same, in both colour schemes: the second time what depends on colours alone. */
export async function expectAccessibleInBoth(page: Page, state: string): Promise<void> {
  await expectAccessible(page, state);
  await page.emulateMedia({ colorScheme: "dark" });
  const html = page.locator("html");
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "dark");
  const violations: Violation[] = await page.evaluate(async () => {
    const options = { runOnly: ["color-contrast"], resultTypes: ["violations"] };
    return (await Reflect.get(window, "axe").run(document, options)).violations;
  });
  expect(violations.map(inShort), `${state}, dark`).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
  await expect(html).toHaveAttribute("data-mantine-color-scheme", "light");
}

type Violation = { id: string; nodes: { html: string }[] };

const inShort = ({ id, nodes }: Violation) => `${id}: ${nodes[0]?.html.slice(0, 160)}`;

/** What is folded may hold more that is. */
export async function unfoldAll(page: Page): Promise<void> {
  const folded = page.locator("main details:not([open]) > summary:visible");
  while ((await folded.count()) > 0) await folded.first().click();
}
