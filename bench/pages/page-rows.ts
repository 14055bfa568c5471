import type { Browser } from "@playwright/test";
import { freePort } from "../../scripts/ports.mjs";
import { createDatabase, createGroup, type Database } from "../installation";
import { fillOverview } from "../lists/overview-rows";
import { seedKinds } from "../lists/seed-kinds";
import { seedLists } from "../lists/seed-lists";
import { signIn } from "../session";
import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Row, row } from "../table";
import { openBrowser } from "./browser";
import { type LighthouseScores, lighthouse } from "./lighthouse";
import { measureOverviewHeight } from "./overview-height";

/** With 10,000 rows of each; the charts are loaded where they are, and nowhere else. */
const PAGES = [
  { name: "accounts", path: "/email/accounts", scriptKb: 200 },
  { name: "Overview", path: "/", scriptKb: 260 },
  { name: "providers", path: "/settings/cloud-providers", scriptKb: 200 },
  { name: "contacts", path: "/contacts/all", scriptKb: 200 },
] as const;
type MeasuredPage = (typeof PAGES)[number];

const RUNS = atMost(3, 1);
const KB = 1_024;
const TARGETS = { stylesheet: 40, performance: 95, layoutShift: 0 };
/** What is loaded after the page is complete counts as well: prefetches, lazy parts. */
const SETTLE_MS = atMost(3_000, 500);

/** The first load of the Overview, and of list pages with 25 of 10,000 rows. */
export async function measurePages(database: Database): Promise<Row[]> {
  const group = createGroup();
  const debuggingPort = await freePort();
  let browser: Browser | undefined;
  try {
    const databaseUrl = await createDatabase(database, "pages");
    await seedLists(databaseUrl, { accounts: atMost(10_000, 200), providers: atMost(10_000, 60) });
    await seedKinds(databaseUrl, atMost(10_000, 800));
    await fillOverview(databaseUrl);
    await group.beat(databaseUrl);
    const web = await group.web(databaseUrl);
    const cookie = await signIn(web.url);
    browser = await openBrowser(debuggingPort);
    const site = { url: web.url, browser, cookie, debuggingPort };
    const rows: Row[] = [];
    for (const page of PAGES) rows.push(...(await measurePage(page, site)));
    rows.push(await measureOverviewHeight(browser, site));
    return rows;
  } finally {
    await browser?.close();
    await group.stop();
  }
}

type Site = { url: string; browser: Browser; cookie: string; debuggingPort: number };

async function measurePage(
  page: MeasuredPage,
  { url: origin, browser, cookie, debuggingPort }: Site,
): Promise<Row[]> {
  const url = `${origin}${page.path}`;
  await weigh(browser, url, cookie); // a first one, to warm the server up
  const weights = await weigh(browser, url, cookie);
  const reports: LighthouseScores[] = [];
  for (let run = 0; run < RUNS; run += 1)
    reports.push(await lighthouse(url, { cookie, debuggingPort }));
  return [...weightRows(page, weights), ...lighthouseRows(page, reports)];
}

type Weights = { script: number; stylesheet: number };

/** Bytes of each kind that a browser with an empty cache takes from the wire, compressed. */
async function weigh(browser: Browser, url: string, cookie: string): Promise<Weights> {
  const context = await browser.newContext();
  try {
    const [name = "", value = ""] = cookie.split("=");
    await context.addCookies([{ name, value, url }]);
    const page = await context.newPage();
    const weights: Weights = { script: 0, stylesheet: 0 };
    const measured: Promise<void>[] = [];
    page.on("requestfinished", (request) => {
      const type = request.resourceType();
      if (type !== "script" && type !== "stylesheet") return;
      const add = async () => {
        const { responseBodySize } = await request.sizes();
        weights[type] += responseBodySize;
      };
      measured.push(add());
    });
    await page.goto(url, { waitUntil: "load" });
    await page.waitForTimeout(SETTLE_MS);
    await Promise.all(measured);
    return weights;
  } finally {
    await context.close();
  }
}

function weightRows({ name, scriptKb }: MeasuredPage, { script, stylesheet }: Weights): Row[] {
  const weight = (label: string, bytes: number, targetKb: number) =>
    row(`${name}, first load: ${label}, gzip`, `${(bytes / KB).toFixed(1)} KB`, {
      text: `<= ${targetKb} KB`,
      isReached: bytes <= targetKb * KB,
    });
  return [weight("JS", script, scriptKb), weight("CSS", stylesheet, TARGETS.stylesheet)];
}

function lighthouseRows({ name: page }: MeasuredPage, reports: LighthouseScores[]): Row[] {
  const of = (name: keyof LighthouseScores) => median(reports.map((report) => report[name]));
  const what = (label: string) => `${page}, Lighthouse mobile: ${label}`;
  const full = (label: string, score: number) =>
    row(what(label), `${score}`, { text: "100", isReached: score === 100 });
  const performance = of("performance");
  const details = `LCP ${Math.round(of("contentfulPaintMs"))} ms, TBT ${Math.round(of("blockingMs"))} ms`;
  const layoutShift = of("layoutShift");
  return [
    row(what("performance"), `${performance} (${details})`, {
      text: `>= ${TARGETS.performance}`,
      isReached: performance >= TARGETS.performance,
    }),
    full("accessibility", of("accessibility")),
    full("best practices", of("bestPractices")),
    row(what("CLS"), `${Number(layoutShift.toFixed(3))}`, {
      text: `${TARGETS.layoutShift}`,
      isReached: layoutShift <= TARGETS.layoutShift,
    }),
  ];
}
