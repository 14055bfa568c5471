// Runs the parts of a test run, counts what they found, and measures what they took.
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runToEnd } from "./run-to-end.mjs";
import { table } from "./terminal.mjs";

const SLOWEST = 10;
const REPORTING = {
  vitest: ["run", "--reporter=./scripts/vitest-reporter.mjs"],
  playwright: ["test", "--reporter=./scripts/playwright-reporter.mjs"],
};
/** Neighbours take caches and turns: the same work costs a machine more at one hour than at another. */
const USUAL_MS = 10.4;
const WORK = JSON.stringify(Array(100_000).fill({ at: 1 }));
const ONE_WORKER = { vitest: "--maxWorkers=1", playwright: "--workers=1" };

/**
 * @typedef {{ title: string, program: string, args: string[], env?: Record<string, string> }} Command
 * `env` beside that of this process
 */

export class TestRun {
  #reports = mkdtempSync(join(tmpdir(), "postkey-test-"));
  #counts = { passed: 0, failed: 0, skipped: 0 };
  #notes = [];
  #tests = [];
  #costs = [];
  #paces = [USUAL_MS];
  #parts;
  #begun = 0;
  #cpuBefore = childCpuSeconds();

  /** @param {number} parts how many parts the run has */
  constructor(parts) {
    this.#parts = parts;
    process.on("exit", () => rmSync(this.#reports, { recursive: true, force: true }));
  }

  get failed() {
    return this.#counts.failed;
  }

  part(title) {
    this.#begun += 1;
    console.log(`\n[${this.#begun}/${this.#parts}] ${title}`);
  }

  note(...texts) {
    this.#notes.push(...texts);
  }

  skip(text) {
    this.#counts.skipped += 1;
    this.note(`Skipped: ${text}`);
  }

  /**
   * A command that passes or fails as a whole counts as one test; what it says is shown if it fails.
   * @param {Command} command
   */
  async check(command) {
    const { code, out, problem } = await this.#run(command, "pipe");
    const outcome = code === 0 ? "passed" : "failed";
    this.#counts[outcome] += 1;
    console.log(`  ${command.title}: ${outcome}`);
    if (code === 0) return true;
    console.log(`${out}${problem}`.trimEnd());
    this.note(`Failed: ${command.title}`);
    return false;
  }

  /**
   * A run of Vitest or Playwright. Files with failures are run again alone, to tell what is broken from what
   * depends on its neighbours or on luck; both count as failed.
   * @param {Command} command
   */
  async suite(command) {
    const tests = await this.#report(command);
    this.#tests.push(...tests);
    for (const { outcome } of tests) this.#counts[outcome] += 1;
    const skipped = tests.filter(({ outcome }) => outcome === "skipped").length;
    if (skipped > 0) this.note(`Skipped: ${skipped} of ${command.title}.`);
    const failures = tests.filter(isFailure);
    if (failures.length === 0) return;
    const files = [...new Set(failures.map(({ file }) => file))];
    console.log(`\n  Again, alone: ${files.join(", ")}`);
    const args = [...command.args, ONE_WORKER[command.program], ...files];
    const env = { ...command.env, POSTKEY_TRACE: "1" };
    const again = await this.#report({ ...command, title: `${command.title}, again`, args, env });
    const failedAgain = again.filter(isFailure).map(nameOf);
    for (const name of failures.map(nameOf))
      this.note(`${failedAgain.includes(name) ? "Failed" : "Flaky, passes alone"}: ${name}`);
  }

  /**
   * Prints the slowest tests, what each part took, and the count.
   * @param {{ cpuSeconds?: number }} budget more is a failure
   * @returns {boolean} whether all is well
   */
  finish({ cpuSeconds: budget = Number.POSITIVE_INFINITY } = {}) {
    console.log("\nSlowest tests");
    const slowest = this.#tests.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    table(slowest.map((test) => [`${(test.ms / 1_000).toFixed(1)} s`, nameOf(test)]));
    console.log("\nTook");
    table(this.#costs.map(({ title, seconds, cpu }) => [`${seconds} s, ${cpu} CPU-s`, title]));
    const took = this.#costs.reduce((sum, { cpu }) => sum + cpu, 0);
    const pace = this.#paces.sort((a, b) => a - b)[this.#paces.length >> 1] / USUAL_MS;
    console.log(`  ${took} CPU-seconds in all, where work took ${pace.toFixed(2)} times the usual`);
    if (took > budget * Math.max(1, pace)) {
      this.#counts.failed += 1;
      this.note(`Failed: ${took} CPU-seconds are more than the ${budget} of its budget.`);
    }
    for (const note of this.#notes) console.log(`  ${note}`);
    const { passed, failed, skipped } = this.#counts;
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0;
  }

  async #report(command) {
    const { title, program } = command;
    const file = join(this.#reports, `${title.replaceAll(/\W+/g, "-")}.json`);
    const args = [...REPORTING[program], ...command.args];
    const env = { ...command.env, POSTKEY_TEST_REPORT: file, POSTKEY_TEST_PART: title };
    const { code } = await this.#run({ title, program, args, env }, "inherit");
    const tests = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : [];
    // One that broke off fails too, whatever had passed by then.
    if (code !== 0 && !tests.some(isFailure)) {
      this.#counts.failed += 1;
      this.note(`Failed: ${title} ended with ${code}.`);
    }
    return tests;
  }

  async #run({ title, program, args, env }, output) {
    const startedAt = performance.now();
    const bin = join("node_modules", ".bin", program);
    const command = [existsSync(bin) ? bin : program, ...args];
    const all = { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env };
    const watch = setInterval(() => this.#paces.push(paceMs()), 2_000);
    const ended = await runToEnd(command, { env: all, output });
    clearInterval(watch);
    if (ended.isStopped) process.exit(1);
    const cpuNow = childCpuSeconds();
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    this.#costs.push({ title, seconds, cpu: Math.round(cpuNow - this.#cpuBefore) });
    this.#cpuBefore = cpuNow;
    return ended;
  }
}

function paceMs() {
  const before = process.cpuUsage();
  JSON.parse(WORK);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const isFailure = ({ outcome }) => outcome === "failed";
const nameOf = ({ file, name }) => `${file}: ${name}`;

/**
 * CPU-seconds of all children that have ended, with theirs: cutime and cstime of /proc/self/stat (proc(5)), in
 * hundredths of a second. Left out are Chromium's renderers, which no process waits for. 0 where there is no /proc.
 */
function childCpuSeconds() {
  if (!existsSync("/proc/self/stat")) return 0;
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}
