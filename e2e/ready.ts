import type { Page } from "@playwright/test";

const patched = new WeakSet<object>();

/**
 * Pages are ready when `goto` and `reload` return, unless the caller waits for something else (`waitUntil`): a
 * button that is pressed before does nothing, and on a busy machine that is a second.
 */
export function openPagesReady(page: Page): void {
  const pages = Object.getPrototypeOf(page) as Pick<Page, "goto" | "reload">;
  if (patched.has(pages)) return;
  patched.add(pages);
  const { goto, reload } = pages;
  pages.goto = async function (this: Page, url, options) {
    // A page that reloads at this moment, after news, takes the place of what was asked for.
    const response = await goto.call(this, url, options).catch((error: Error) => {
      if (!error.message.includes("net::ERR_ABORTED")) throw error;
      return goto.call(this, url, options);
    });
    if (!options?.waitUntil) await untilReady(this);
    return response;
  };
  pages.reload = async function (this: Page, options) {
    const response = await reload.call(this, options);
    if (!options?.waitUntil) await untilReady(this);
    return response;
  };
}

/** The sandbox's pages, JSON and pages without scripts of Next.js have nothing that becomes ready. */
export async function untilReady(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.readyState !== "loading" &&
      (document.documentElement.dataset.ready !== undefined ||
        !document.querySelector('script[src*="/_next/"]')),
  );
}

/** Longer than a live update waits before it loads the page again. */
const STILL_MS = 500;

/**
 * Loads the data of this page again, as a live update does; not while one does: where two meet behind a changed address,
 * Next.js loads the whole document instead.
 */
export async function refreshData(page: Page): Promise<void> {
  await page.waitForFunction((stillMs) => {
    const loaded = performance
      .getEntriesByType("resource")
      .map(({ startTime, duration }) => startTime + duration);
    return performance.now() - Math.max(0, ...loaded) > stillMs;
  }, STILL_MS);
  await page.evaluate(() => Reflect.get(window, "next").router.refresh());
}

/** Keeps the scripts of this page back, as a slow line does. @returns what lets them go */
export async function holdScripts(page: Page): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  await page.route("**/_next/static/**/*.js*", async (route) => {
    await released;
    await route.continue();
  });
  return release;
}
