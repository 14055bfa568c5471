// npm run bench [-- --short] [-- part …]: measures the product beside bare floors, prints a table for each
// part and writes it to docs/benchmarks.md. With --short it only tries whether every part can be measured.
// It builds a copy of this folder in a temporary one, so that nothing else here is touched.
import { spawnSync } from "node:child_process";
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, parse, resolve } from "node:path";
import { runCommand } from "./install.mjs";
import { runToEnd } from "./run-to-end.mjs";
import { step } from "./terminal.mjs";

const NOT_COPIED = [".git", ".next", ".build", ".pw", "var"];

const FIGURES = "docs/benchmarks.md";

await runCommand(() => bench(process.argv.slice(2)));

async function bench(args) {
  // Of this folder, not of the copy.
  const figures = { FIGURES_FILE: resolve(FIGURES), FIGURES_COMMIT: commit() };
  const folder = mkdtempSync(join(tmpdir(), "postkey-bench-"));
  try {
    // PostgreSQL runs as another user when this is root, and has to get in.
    chmodSync(folder, 0o711);
    await step("Copying", () => copyTo(folder));
    process.chdir(folder);
    await step("Building", buildCopy);
    return await run(args, figures);
  } finally {
    process.chdir(tmpdir());
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is measured, in words: the figures themselves may have changed. */
function commit() {
  const git = (...args) => spawnSync("git", args, { encoding: "utf8" }).stdout?.trim() ?? "";
  const hash = git("rev-parse", "--short=10", "HEAD");
  if (!hash) return "an unknown commit";
  const isChanged = git("status", "--porcelain", "--", ".", `:!${FIGURES}`) !== "";
  return `${hash}${isChanged ? " with uncommitted changes" : ""}`;
}

function copyTo(folder) {
  const filter = (path) => !NOT_COPIED.includes(path);
  cpSync(".", folder, { recursive: true, verbatimSymlinks: true, filter });
  cpSync("bench/empty-route.ts", join(folder, "app/api/bench/route.ts"));
}

async function buildCopy() {
  const { build, bundle } = await import("./build.mjs");
  await build();
  const entries = { bench: "bench/main.ts" };
  for (const file of readdirSync("bench/tools"))
    entries[`bench-${parse(file).name}`] = `bench/tools/${file}`;
  await bundle(entries);
}

/** Runs the harness, which stops its own when it is told to. */
async function run(args, figures) {
  const env = { ...process.env, ...figures, NODE_ENV: "production" };
  // The benchmark brings its own database and configuration.
  for (const name of Object.keys(env))
    if (name === "DATABASE_URL" || name.startsWith("POSTKEY_")) delete env[name];
  const program = ["--conditions=react-server", "--enable-source-maps", ".build/bench.mjs"];
  const command = [process.execPath, ...program, ...args];
  const { code } = await runToEnd(command, { env, output: "inherit" });
  return code;
}
