// npm test: every check there is, on real servers, with one count at the end over all of them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, isInstalled } from "./install.mjs";
import { installSystemPackages } from "./system-packages.mjs";
import { step } from "./terminal.mjs";

const reports = mkdtempSync(join(tmpdir(), "postkey-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];

try {
  if (!isInstalled()) await step("Installing packages (a minute or two)", installPackages);
  notes.push(...(await installSystemPackages()));
  await runChecks();
  await runVitest();
  if (await check("build", "node", ["scripts/build.mjs"])) await runPlaywright();
  else notes.push("The end-to-end tests did not run, because the build failed.");
} finally {
  rmSync(reports, { recursive: true, force: true });
}
for (const note of notes) console.log(`  ${note}`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exitCode = total.failed > 0 ? 1 : 0;

async function runChecks() {
  await check("prisma client", "prisma", ["generate"]);
  await check("lint and format", "biome", ["check", "--error-on-warnings"]);
  await check("route types", "next", ["typegen"]);
  await check("types", "tsc", ["--noEmit"]);
  await check("architecture", "npm", ["run", "--silent", "arch"]);
  await check("dead code", "knip", ["--no-config-hints"]);
}

/** A command that passes or fails as a whole counts as one test. */
async function check(title, command, args) {
  console.log(`\n── ${title}`);
  const isGood = (await run(command, args)) === 0;
  total[isGood ? "passed" : "failed"] += 1;
  if (!isGood) notes.push(`Failed: ${title}`);
  return isGood;
}

async function runVitest() {
  console.log("\n── unit and integration tests");
  const file = join(reports, "vitest.json");
  const reporters = ["--reporter=dot", "--reporter=json", `--outputFile.json=${file}`];
  const code = await run("vitest", ["run", ...reporters]);
  const report = readReport(file);
  count("vitest", code, {
    passed: report?.numPassedTests ?? 0,
    failed: report?.numFailedTests ?? 0,
    skipped: (report?.numPendingTests ?? 0) + (report?.numTodoTests ?? 0),
  });
}

async function runPlaywright() {
  console.log("\n── end-to-end and accessibility tests");
  if (!findChromium()) {
    total.skipped += 1;
    notes.push("Skipped: the end-to-end tests, because there is no Chromium (see above).");
    return;
  }
  const file = join(reports, "playwright.json");
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: file, CI: "true" };
  const code = await run("playwright", ["test", "--reporter=line,json"], env);
  const stats = readReport(file)?.stats;
  count("playwright", code, {
    passed: (stats?.expected ?? 0) + (stats?.flaky ?? 0),
    failed: stats?.unexpected ?? 0,
    skipped: stats?.skipped ?? 0,
  });
}

/** A runner that ends badly without a failed test (it broke off, say) is a failure too. */
function count(runner, code, counts) {
  for (const kind of Object.keys(total)) total[kind] += counts[kind];
  if (code !== 0 && counts.failed === 0) {
    total.failed += 1;
    notes.push(`Failed: ${runner} ended with ${code}.`);
  }
  if (counts.skipped > 0)
    notes.push(`Skipped: ${counts.skipped} of ${runner}'s tests; each says why above.`);
}

function readReport(file) {
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : null;
}

function findChromium() {
  const own = process.env.CHROMIUM_PATH;
  return own ?? ["/usr/bin/chromium", "/usr/bin/chromium-browser"].find((path) => existsSync(path));
}

function run(command, args, env = process.env) {
  const bin = join("node_modules", ".bin", command);
  const child = spawn(existsSync(bin) ? bin : command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...env, NEXT_TELEMETRY_DISABLED: "1" },
    shell: process.platform === "win32",
  });
  return new Promise((done) => {
    child.once("error", () => done(1));
    child.once("exit", (code, signal) => done(code ?? signal ?? 1));
  });
}
