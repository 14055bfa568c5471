// Runs the parts of a test run, counts what they found, and measures what they took.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const SLOWEST = 10;
const STOPS = ["SIGTERM", "SIGHUP"];
const ONE_WORKER = { vitest: "--maxWorkers=1", playwright: "--workers=1" };

/**
 * @typedef {{ title: string, program: string, args: string[], env?: Record<string, string> }} Command
 * `env` beside that of this process
 */

export class TestRun {
  #reports = mkdtempSync(join(tmpdir(), "postkey-test-"));
  #counts = { passed: 0, failed: 0, skipped: 0 };
  #notes = [];
  #slowest = [];
  #costs = [];
  #parts;
  #begun = 0;
  #cpuBefore = childCpuSeconds();

  /** @param {number} parts how many parts the run has */
  constructor(parts) {
    this.#parts = parts;
  }

  get failed() {
    return this.#counts.failed;
  }

  /** Begins a part: `[2/4] title`. */
  part(title) {
    this.#begun += 1;
    console.log(`\n[${this.#begun}/${this.#parts}] ${title}`);
  }

  /** Is said at the end. */
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
    const { code, said } = await this.#run(command, "pipe");
    const outcome = code === 0 ? "passed" : "failed";
    this.#counts[outcome] += 1;
    console.log(`  ${command.title}: ${outcome}`);
    if (code === 0) return true;
    console.log(said.trimEnd());
    this.note(`Failed: ${command.title}`);
    return false;
  }

  /**
   * A run of Vitest or Playwright. Files with failures are run again alone, to tell what is broken from what
   * depends on its neighbours or on luck; both count as failed.
   * @param {Command} command
   */
  async suite(command) {
    const report = await this.#report(command);
    for (const kind of Object.keys(this.#counts)) this.#counts[kind] += report[kind];
    this.#slowest.push(...report.slowest);
    if (report.skipped > 0) this.note(`Skipped: ${report.skipped} of ${command.title}.`);
    const files = [...new Set(report.failures.map(({ file }) => file))];
    if (files.length === 0) return;
    console.log(`\n  Again, alone: ${files.join(", ")}`);
    const title = `${command.title}, again`;
    const env = { ...command.env, POSTKEY_TRACE: "1" };
    const args = [...command.args, ONE_WORKER[command.program], ...files];
    const again = await this.#report({ ...command, title, args, env });
    for (const failure of report.failures) this.note(verdictOn(failure, again));
  }

  /**
   * Prints the slowest tests, what each part took, and the count.
   * @param {{ cpuSeconds?: number }} budget more is a failure
   * @returns {boolean} whether all is well
   */
  finish({ cpuSeconds: budget = Number.POSITIVE_INFINITY } = {}) {
    rmSync(this.#reports, { recursive: true, force: true });
    const slowest = this.#slowest.sort((a, b) => b.ms - a.ms).slice(0, SLOWEST);
    console.log(
      `\nSlowest tests\n${table(slowest.map(slow))}\n\nTook\n${table(this.#costs.map(cost))}`,
    );
    const took = this.#costs.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0);
    console.log(`  ${Math.round(took)} CPU-seconds in all`);
    if (took > budget) {
      this.#counts.failed += 1;
      this.note(
        `Failed: ${Math.round(took)} CPU-seconds are more than the ${budget} of its budget.`,
      );
    }
    for (const note of this.#notes) console.log(`  ${note}`);
    const { passed, failed, skipped } = this.#counts;
    console.log(`${passed} passed, ${failed} failed, ${skipped} skipped`);
    return failed === 0;
  }

  async #report(command) {
    const file = join(this.#reports, `${command.title.replaceAll(/\W+/g, "-")}.json`);
    const reporting = { POSTKEY_TEST_REPORT: file, POSTKEY_TEST_PART: command.title };
    const env = { ...command.env, ...reporting };
    const { code } = await this.#run({ ...command, env }, "inherit");
    const report = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : nothing();
    // One that broke off fails too, whatever had passed by then.
    if (code !== 0 && report.failed === 0) {
      report.failed = 1;
      this.note(`Failed: ${command.title} ended with ${code}.`);
    }
    return report;
  }

  async #run({ title, program, args, env = {} }, output) {
    const startedAt = performance.now();
    const ended = await runChild([program, ...args], { env, output });
    const cpuNow = childCpuSeconds();
    const wallSeconds = (performance.now() - startedAt) / 1_000;
    this.#costs.push({ title, wallSeconds, cpuSeconds: cpuNow - this.#cpuBefore });
    this.#cpuBefore = cpuNow;
    return ended;
  }
}

const nothing = () => ({ passed: 0, failed: 0, skipped: 0, failures: [], slowest: [] });

function verdictOn({ file, name }, again) {
  const failsAlone = again.failures.some((each) => each.file === file && each.name === name);
  return `${failsAlone ? "Failed" : "Flaky, passes alone"}: ${file}: ${name}`;
}

const slow = ({ file, name, ms }) => [`${(ms / 1_000).toFixed(1)} s`, `${file}: ${name}`];

const cost = ({ title, wallSeconds, cpuSeconds }) => [
  `${Math.round(wallSeconds)} s`,
  `${Math.round(cpuSeconds)} CPU-s`,
  title,
];

function table(rows) {
  const widths = rows[0]?.map((_, at) => Math.max(...rows.map((row) => row[at].length))) ?? [];
  const cells = (row) => row.slice(0, -1).map((cell, at) => cell.padStart(widths[at]));
  return rows.map((row) => `  ${[...cells(row), row.at(-1)].join("  ")}`).join("\n");
}

/**
 * CPU-seconds of all children that have ended, with theirs: cutime and cstime of /proc/self/stat (proc(5)), in
 * hundredths of a second. Left out are Chromium's renderers, which no process waits for. 0 where there is no /proc.
 */
function childCpuSeconds() {
  if (!existsSync("/proc/self/stat")) return 0;
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ");
  return (Number(fields[13]) + Number(fields[14])) / 100;
}

/** @returns {Promise<{ code: number | string, said: string }>} */
async function runChild([program, ...args], { env, output }) {
  const bin = join("node_modules", ".bin", program);
  const child = spawn(existsSync(bin) ? bin : program, args, {
    stdio: ["ignore", output, output],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: "1", ...env },
  });
  // A terminal tells the child of Ctrl-C itself.
  const stop = () => child.once("close", () => process.exit(1)).kill();
  for (const signal of STOPS) process.on(signal, stop);
  const ended = once(child, "close").catch((error) => [1, String(error)]);
  const said = [child.stdout, child.stderr].map((stream) => stream && text(stream));
  const [[code, why], ...parts] = await Promise.all([ended, ...said]);
  for (const signal of STOPS) process.off(signal, stop);
  return { code: code ?? why, said: [...parts, why].join("") };
}
