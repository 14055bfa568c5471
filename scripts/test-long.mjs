// npm run test:long: what takes minutes or is judged by the clock, part by part (a part is a file). Before a release.
// npm run test:long -- keepers: the parts whose path contains a word.
// A run that was stopped, or whose parts failed, goes on with those that have not passed on these sources.
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { build, filesBelow, isBuilt, sourceHash } from "./build.mjs";
import { ensurePackages } from "./install.mjs";
import { installSystemPackages } from "./system-packages.mjs";
import { step } from "./terminal.mjs";
import { TestRun } from "./test-run.mjs";

const FOLDERS = ["app", "components", "lib", "scripts", "bench", "deploy", "e2e"];
const STATE = ".build/long-run.json";

const words = process.argv.slice(2);
await ensurePackages();
const missing = await installSystemPackages(true);
if (!isBuilt()) await step("Building", build);

const sources = sourceHash();
/** By part, what it passed on. */
const passed = existsSync(STATE) ? JSON.parse(readFileSync(STATE, "utf8")) : {};
const all = FOLDERS.flatMap(filesBelow)
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .filter((file) => /\.(?:test|spec)\.ts$/.test(file) && isLong(file));
const parts = all.filter((file) => words.length > 0 || passed[file] !== keyOf(file));
const run = new TestRun(parts.length);
run.note(...missing);
if (parts.length < all.length) console.log(`  ${all.length - parts.length} parts passed before.`);
for (const part of parts) {
  run.part(part);
  const failedBefore = run.failed;
  await run.suite(commandOf(part));
  if (run.failed > failedBefore) continue;
  passed[part] = keyOf(part);
  writeFileSync(STATE, JSON.stringify(passed));
}
process.exitCode = run.finish() ? 0 : 1;

function commandOf(part) {
  const command = { title: part, env: { POSTKEY_TESTS: "long" } };
  if (!part.endsWith(".spec.ts")) return { ...command, program: "vitest", args: [part] };
  const args = ["--project=browser-long", "--workers=1", part];
  return { ...command, program: "playwright", args };
}

/** By its name; others have a long form of some test. */
function isLong(file) {
  return file.includes(".long.") || readFileSync(file, "utf8").includes("@/lib/testing/long");
}

/** The product and the part itself: another test that changed makes no difference. */
function keyOf(part) {
  return createHash("sha256").update(sources).update(readFileSync(part)).digest("hex");
}
