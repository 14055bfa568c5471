import { type Browser, chromium } from "@playwright/test";
import config from "@/playwright.config";
import { type Bench, seedFleet } from "../bench";
import { type Figure, figure, inWords } from "../figures";
import { fetchText, signIn } from "../http";
import { inFull, median, timesOf } from "../rounds";

/** With 10,000 rows of each; the charts are loaded where they are, and nowhere else. */
const PAGES = [
  { path: "/sign-in", script: "<= 170 KB", isOpen: true },
  { path: "/", script: "<= 260 KB" },
  { path: "/email/accounts", script: "<= 200 KB" },
  { path: "/settings/cloud-providers", script: "<= 200 KB" },
  { path: "/contacts/all", script: "<= 200 KB" },
];
/** What is loaded after the page is complete counts as well: prefetches, lazy parts. */
const SETTLE_MS = inFull(3_000, 500);

/** What a browser with an empty cache takes to show a page, compressed. */
export async function measurePages(bench: Bench): Promise<Figure[]> {
  const site = await bench.install("pages");
  await seedFleet(site, inFull(10_000, 2_500));
  const web = await site.web();
  const session = await signIn(web.url);
  const browser = await chromium.launch(config.use?.launchOptions);
  bench.defer(() => browser.close());
  const figures: Figure[] = [];
  for (const { path, script, isOpen } of PAGES) {
    const at = { url: `${web.url}${path}`, cookie: isOpen ? "" : session };
    await firstLoad(browser, at); // a first one, to warm the server up
    const kb = await firstLoad(browser, at);
    const css = `CSS ${inWords(kb.stylesheet ?? 0, "KB")}`;
    figures.push(figure(`${path}, first load: JavaScript, gzip`, kb.script ?? 0, script, css));
  }
  const headers = { cookie: session };
  const turns = { warmUp: inFull(40, 1), turns: inFull(60, 3) };
  const overview = await timesOf(() => fetchText(web.url, { headers }), turns);
  const what = "Overview of 10,000 accounts: server time p50";
  return [...figures, figure(what, median(overview), "<= 30 ms")];
}

async function firstLoad(browser: Browser, { url, cookie }: { url: string; cookie: string }) {
  const context = await browser.newContext();
  const [name = "", value = ""] = cookie.split("=");
  if (name) await context.addCookies([{ name, value, url }]);
  const page = await context.newPage();
  const kb: Record<string, number> = {};
  const measured: Promise<void>[] = [];
  page.on("requestfinished", (request) => {
    const add = async () => {
      const { responseBodySize } = await request.sizes();
      const type = request.resourceType();
      kb[type] = (kb[type] ?? 0) + responseBodySize / 1_024;
    };
    measured.push(add());
  });
  await page.goto(url, { waitUntil: "load" });
  await page.waitForTimeout(SETTLE_MS);
  await Promise.all(measured);
  await context.close();
  return kb;
}
