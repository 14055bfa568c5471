import type { Browser } from "@playwright/test";
import { type Row, row } from "../table";

const SCREEN = { width: 1_280, height: 900 };
const SCREENS = 2;

/** How far the Overview is scrolled on an ordinary screen, with all that it shows of a large fleet. */
export async function measureOverviewHeight(
  browser: Browser,
  { url, cookie }: { url: string; cookie: string },
): Promise<Row> {
  const context = await browser.newContext({ viewport: SCREEN });
  try {
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    await page.goto(url, { waitUntil: "load" });
    const height = await page.evaluate(() => document.documentElement.scrollHeight);
    return row(`Overview at ${SCREEN.width} x ${SCREEN.height}: height`, `${height} px`, {
      text: `<= ${SCREENS} screens`,
      isReached: height <= SCREENS * SCREEN.height,
    });
  } finally {
    await context.close();
  }
}
