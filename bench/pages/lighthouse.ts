import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync, rmSync } from "node:fs";

export type LighthouseScores = {
  performance: number;
  accessibility: number;
  bestPractices: number;
  layoutShift: number;
  contentfulPaintMs: number;
  blockingMs: number;
};

/** Lighthouse's own defaults: a slow phone, simulated. */
export async function lighthouse(
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
