import { readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { wallTime } from "@/lib/kernel/clock";
import { startPostgres } from "../scripts/embedded-postgres.mjs";
import { type Bench, openBench } from "./bench";
import { type Figure, tableOf, withFigures } from "./figures";
import { measureCapture } from "./parts/capture";
import { measureFreshClone } from "./parts/fresh-clone";
import { measureGateway } from "./parts/gateway";
import { measureLists } from "./parts/lists";
import { measureConnectionTests } from "./parts/mail";
import { measureMemory } from "./parts/memory";
import { measurePages } from "./parts/pages";
import { measureRefresh } from "./parts/refresh";
import { measureSignIn } from "./parts/sign-in";
import { measureTokens } from "./parts/tokens";
import { measureWaysIn } from "./parts/ways-in";
import { isShortRun } from "./rounds";

// npm run bench [-- --short] [-- part …]. A part that cannot be measured makes the run fail; what a part
// found is written down as soon as it is there, so that the next one's failure takes nothing from it.

/** Memory comes first: what the others fill the database with would count. */
const PARTS: Record<string, (bench: Bench) => Promise<Figure[]>> = {
  memory: measureMemory,
  mail: measureConnectionTests,
  tokens: measureTokens,
  capture: measureCapture,
  gateway: measureGateway,
  refresh: measureRefresh,
  "sign-in": measureSignIn,
  "ways-in": measureWaysIn,
  pages: measurePages,
  lists: measureLists,
  "fresh-clone": measureFreshClone,
};

const { FIGURES_FILE: file, FIGURES_COMMIT: commit } = z
  .object({ FIGURES_FILE: z.string(), FIGURES_COMMIT: z.string() })
  .parse(process.env);

const wanted = process.argv.slice(2).filter((name) => name !== "--short");
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0)
  throw new Error(`There is no part ${unknown}. There are: ${Object.keys(PARTS).join(", ")}.`);

let current: Bench | undefined;
let isStopping = false;
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"])
  process.on(signal, () => {
    isStopping = true;
    void current?.close(); // the part that waits for one of its processes fails
  });

const database = await startPostgres(join("var", "db"));
const notMeasured: string[] = [];
for (const [name, measure] of Object.entries(PARTS)) {
  if (isStopping || (wanted.length > 0 && !wanted.includes(name))) continue;
  const startedAt = performance.now();
  const bench = openBench(database);
  current = bench;
  try {
    show(name, await measure(bench));
  } catch (error) {
    notMeasured.push(name);
    if (!isStopping) console.error(`\n${name} cannot be measured:`, error);
  } finally {
    await bench.close();
  }
  console.log(`  ${name} took ${((performance.now() - startedAt) / 1_000).toFixed(0)} s`);
}
await database.stop();
if (notMeasured.length > 0) console.error(`\nNot measured: ${notMeasured.join(", ")}`);
process.exitCode = notMeasured.length > 0 || isStopping ? 1 : 0;

function show(name: string, figures: Figure[]): void {
  console.log(`\n${tableOf(figures)}\n`);
  if (isShortRun) return;
  const day = wallTime().toISOString().slice(0, "2026-11-26".length);
  const machine = `${availableParallelism()} cores with Node ${process.version}`;
  const text = `Measured on ${day} at ${commit}, on ${machine}.\n\n${tableOf(figures)}`;
  writeFileSync(file, withFigures(readFileSync(file, "utf8"), name, text));
}
