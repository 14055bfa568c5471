import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";
import type { Browser } from "@playwright/test";
import { freePort } from "../../scripts/ports.mjs";
import { createDatabase, createGroup, type Database } from "../installation";
import { seedLists } from "../lists/seed-lists";
import { signIn } from "../session";
import { atMost } from "../short-run";
import { median } from "../statistics";
import { type Row, row } from "../table";
import { openBrowser } from "./browser";

const PATH = "/email/accounts";
const RUNS = atMost(3, 1);
const KB = 1_024;
const TARGETS = { script: 260, stylesheet: 40, performance: 95, layoutShift: 0 };
/** What is loaded after the page is complete counts as well: prefetches, lazy parts. */
const SETTLE_MS = atMost(3_000, 500);

/** The first load of a list page with 25 of 10,000 rows. */
export async function measurePages(database: Database): Promise<Row[]> {
  const group = createGroup();
  const debuggingPort = await freePort();
  let browser: Browser | undefined;
  try {
    const databaseUrl = await createDatabase(database, "pages");
    await seedLists(databaseUrl, { accounts: atMost(10_000, 200), providers: atMost(1_000, 60) });
    await group.beat(databaseUrl);
    const web = await group.web(databaseUrl);
    const cookie = await signIn(web.url);
    browser = await openBrowser(debuggingPort);
    const url = `${web.url}${PATH}`;
    await weigh(browser, url, cookie); // a first one, to warm the server up
    const weights = await weigh(browser, url, cookie);
    const reports: LighthouseScores[] = [];
    for (let run = 0; run < RUNS; run += 1)
      reports.push(await lighthouse(url, { cookie, debuggingPort }));
    return [...weightRows(weights), ...lighthouseRows(reports)];
  } finally {
    await browser?.close();
    await group.stop();
  }
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

function weightRows({ script, stylesheet }: Weights): Row[] {
  const weight = (label: string, bytes: number, targetKb: number) =>
    row(`first load of a list page: ${label}, gzip`, `${(bytes / KB).toFixed(1)} KB`, {
      text: `<= ${targetKb} KB`,
      isReached: bytes <= targetKb * KB,
    });
  return [weight("JS", script, TARGETS.script), weight("CSS", stylesheet, TARGETS.stylesheet)];
}

type LighthouseScores = {
  performance: number;
  accessibility: number;
  bestPractices: number;
  layoutShift: number;
  contentfulPaintMs: number;
  blockingMs: number;
};

/** Lighthouse's own defaults: a slow phone, simulated. */
async function lighthouse(
  url: string,
  { cookie, debuggingPort }: { cookie: string; debuggingPort: number },
): Promise<LighthouseScores> {
  const output = "var/lighthouse.json";
  const child = spawn(
    process.execPath,
    [
      "node_modules/lighthouse/cli/index.js",
      url,
      `--port=${debuggingPort}`,
      "--output=json",
      `--output-path=${output}`,
      `--extra-headers=${JSON.stringify({ cookie })}`,
      "--only-categories=performance,accessibility,best-practices",
      "--quiet",
    ],
    { stdio: ["ignore", "ignore", "inherit"] },
  );
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`Lighthouse failed (${code}).`);
  // The file's shape is Lighthouse's own, of the version that is pinned.
  const { categories, audits } = JSON.parse(readFileSync(output, "utf8")) as {
    categories: Record<string, { score: number }>;
    audits: Record<string, { numericValue?: number }>;
  };
  rmSync(output);
  const score = (name: string) => Math.round((categories[name]?.score ?? 0) * 100);
  const value = (name: string) => audits[name]?.numericValue ?? Number.NaN;
  return {
    performance: score("performance"),
    accessibility: score("accessibility"),
    bestPractices: score("best-practices"),
    layoutShift: value("cumulative-layout-shift"),
    contentfulPaintMs: value("largest-contentful-paint"),
    blockingMs: value("total-blocking-time"),
  };
}

function lighthouseRows(reports: LighthouseScores[]): Row[] {
  const of = (name: keyof LighthouseScores) => median(reports.map((report) => report[name]));
  const what = (label: string) => `list page, Lighthouse mobile: ${label}`;
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
