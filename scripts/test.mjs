// npm test: every check there is, on real servers, with one count at the end over all of them.
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { installPackages, isInstalled } from "./install.mjs";
import { installSystemPackages } from "./system-packages.mjs";
import { step } from "./terminal.mjs";

const reports = mkdtempSync(join(tmpdir(), "postkey-test-"));
const total = { passed: 0, failed: 0, skipped: 0 };
const notes = [];

/** Of the end-to-end tests, those that take as long as all others together. */
const LONG_SPECS = ["accessibility", "contacts", "errors", "roles", "wire"].map(
  (name) => `${name}.spec.ts`,
);

/** The tag of end-to-end tests that are judged by the clock. */
const ALONE = "@alone";

try {
  if (!isInstalled()) await step("Installing packages (a minute or two)", installPackages);
  notes.push(...(await installSystemPackages()));
  await runChecks();
  // Tests wait for servers much of the time, and the build, which waits for nothing, fills those gaps. It
  // must not write the Prisma client again meanwhile: the tests read it.
  const building = inBackground("node", ["scripts/build.mjs", "--has-client"]);
  await runVitest("units");
  const isBuilt = countCheck("build", await show("build", building));
  // What mostly waits, some at a time; then what is judged by the clock, when nothing else runs.
  await runVitest("waiting");
  await runVitest("alone");
  if (isBuilt) await runPlaywright();
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
  return countCheck(title, await run(command, args));
}

function countCheck(title, code) {
  const isGood = code === 0;
  total[isGood ? "passed" : "failed"] += 1;
  if (!isGood) notes.push(`Failed: ${title}`);
  return isGood;
}

async function runVitest(project) {
  console.log(`\n── unit and integration tests: ${project}`);
  countVitest(project, await run("vitest", vitestArguments(project)));
}

function vitestArguments(project) {
  const report = `--outputFile.json=${vitestReport(project)}`;
  return ["run", `--project=${project}`, "--reporter=dot", "--reporter=json", report];
}

function vitestReport(project) {
  return join(reports, `vitest-${project}.json`);
}

function countVitest(project, code) {
  const report = readReport(vitestReport(project));
  count(`vitest (${project})`, code, {
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
  // Each half has an installation of its own: a browser waits for a server most of the time. What is judged by
  // the clock follows, when nothing else runs.
  const specs = readdirSync("e2e").filter((file) => file.endsWith(".spec.ts"));
  const halves = {
    long: specs.filter((file) => LONG_SPECS.includes(file)),
    other: specs.filter((file) => !LONG_SPECS.includes(file)),
  };
  const beside = ["--grep-invert", ALONE];
  const running = Object.entries(halves).map(([name, files]) => [
    name,
    startSpecs(name, [...files, ...beside]),
  ]);
  for (const [name, half] of running)
    countPlaywright(name, await show(`${name}: ${halves[name].join(", ")}`, half));
  countPlaywright("alone", await show("alone", startSpecs("alone", ["--grep", ALONE])));
}

function reportOf(half) {
  return join(reports, `playwright-${half}.json`);
}

function startSpecs(name, chosen) {
  const env = { ...process.env, PLAYWRIGHT_JSON_OUTPUT_NAME: reportOf(name), CI: "true" };
  const args = ["test", ...chosen, `--output=.pw/${name}`, "--reporter=dot,json"];
  return inBackground("playwright", args, env);
}

function countPlaywright(half, code) {
  const stats = readReport(reportOf(half))?.stats;
  count(`playwright (${half})`, code, {
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

function run(command, args) {
  return ended(start(command, args, { stdio: ["ignore", "inherit", "inherit"] }));
}

/** Beside others: what it says is kept until it is shown. */
function inBackground(command, args, env) {
  const child = start(command, args, { stdio: ["ignore", "pipe", "pipe"], env });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      said += text;
    });
  return ended(child).then((code) => ({ code, said }));
}

/** @returns how it ended */
async function show(title, background) {
  const { code, said } = await background;
  console.log(`\n── ${title}\n${said.trimEnd()}`);
  return code;
}

function start(command, args, { stdio, env = process.env }) {
  const bin = join("node_modules", ".bin", command);
  return spawn(existsSync(bin) ? bin : command, args, {
    stdio,
    env: { ...env, NEXT_TELEMETRY_DISABLED: "1" },
    shell: process.platform === "win32",
  });
}

function ended(child) {
  return new Promise((done) => {
    child.once("error", () => done(1));
    // When all that it said was read, too.
    child.once("close", (code, signal) => done(code ?? signal ?? 1));
  });
}
