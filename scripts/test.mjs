// npm test: every check and every fast test, on real servers, with one count at the end over all of them.
// npm test -- gateway: the unit and browser tests whose path contains a word.
import { randomInt } from "node:crypto";
import { isBuilt } from "./build.mjs";
import { ensurePackages } from "./install.mjs";
import { findChromium, installSystemPackages } from "./system-packages.mjs";
import { TestRun } from "./test-run.mjs";

/** More fails the run, so that it stays as short as it is: a quiet one takes about 700, one beside busy programs two thirds more. */
const CPU_BUDGET = { cpuSeconds: 1_250 };

const words = process.argv.slice(2);
/** Files are shuffled: POSTKEY_SEED=<what a run printed> repeats its order. */
const seed = process.env.POSTKEY_SEED ?? String(randomInt(1_000_000));

const run = new TestRun(4);
run.part("what the tests need");
const [missing] = await Promise.all([installSystemPackages(), ensurePackages()]);
run.note(...missing);
run.part("static checks");
await runChecks();
run.part(`unit and integration tests, shuffled with POSTKEY_SEED=${seed}`);
// Fills the gaps in which tests wait for servers, and leaves the Prisma client alone, which they read.
const args = ["scripts/build.mjs", "--has-client"];
const building = isBuilt() || run.check({ title: "build", program: "node", args });
await runSuite("units", "vitest", `--sequence.seed=${seed}`);
run.part("browser tests");
if (!findChromium()) run.skip("the browser tests, because there is no Chromium (see below).");
else if (await building) await runSuite("browser", "playwright", "--project=browser");
else run.note("The browser tests did not run, because the build failed.");
process.exitCode = run.finish(CPU_BUDGET) ? 0 : 1;

/** Two at a time: what takes long stands first. */
async function runChecks() {
  await run.check({ title: "prisma client", program: "prisma", args: ["generate"] });
  if (words.length > 0) return;
  await run.check({ title: "route types", program: "next", args: ["typegen"] });
  const beside = [
    { title: "types", program: "tsc", args: ["--noEmit"] },
    { title: "architecture", program: "npm", args: ["run", "--silent", "arch"] },
    { title: "dead code", program: "knip", args: ["--no-config-hints"] },
  ];
  await Promise.all([
    run.check({ title: "lint", program: "biome", args: ["check", "--error-on-warnings"] }),
    beside.reduce((before, check) => before.then(() => run.check(check)), Promise.resolve(true)),
  ]);
}

function runSuite(title, program, option) {
  // A word may name unit tests alone, or browser tests alone.
  const chosen = words.length > 0 ? [...words, "--pass-with-no-tests"] : [];
  return run.suite({ title, program, args: [option, ...chosen] });
}
