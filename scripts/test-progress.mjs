// What the reporters of Vitest and Playwright share: progress a person can read, and a report of the run.
import { writeFileSync } from "node:fs";

/** Shown at most this often, and with each failure. */
const EVERY_MS = 10_000;
const SLOWEST = 10;

/**
 * @param {{ unit: string }} options what is counted: files, tests
 * @returns {{ start: (total: number) => void, test: (test: Test) => void, done: () => void, write: () => void }}
 */
export function createProgress({ unit }) {
  const part = process.env.POSTKEY_TEST_PART ?? "tests";
  const startedAt = performance.now();
  const report = { passed: 0, failed: 0, skipped: 0, failures: [], slowest: [] };
  let [total, ended, shownAt] = [0, 0, startedAt];

  function show() {
    shownAt = performance.now();
    const seconds = Math.round((shownAt - startedAt) / 1_000);
    const failures = report.failed === 0 ? "none failed" : `${report.failed} failed`;
    console.log(`  ${part}: ${ended} of ${total} ${unit}, ${seconds} s, ${failures}`);
  }
  return {
    start: (count) => {
      total = count;
    },
    /** @param {{ file: string, name: string, outcome: "passed" | "failed" | "skipped", ms: number }} test */
    test: ({ file, name, outcome, ms }) => {
      report[outcome] += 1;
      report.slowest.push({ file, name, ms: Math.round(ms) });
      report.slowest.sort((a, b) => b.ms - a.ms).splice(SLOWEST);
      if (outcome !== "failed") return;
      report.failures.push({ file, name });
      console.log(`  ✗ ${file}: ${name}`);
      show();
    },
    done: () => {
      ended += 1;
      if (ended === total || performance.now() - shownAt > EVERY_MS) show();
    },
    write: () => {
      const file = process.env.POSTKEY_TEST_REPORT;
      if (file) writeFileSync(file, JSON.stringify(report));
    },
  };
}
