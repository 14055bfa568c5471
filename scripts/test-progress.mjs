// What the reporters of Vitest and Playwright share: progress a person can read, and a report of the run.
import { writeFileSync } from "node:fs";

/** Shown at most this often, and with each failure. */
const EVERY_MS = 10_000;

/** @param {{ unit: string }} options what is counted: files, tests */
export function createProgress({ unit }) {
  const { POSTKEY_TEST_PART: part = "tests", POSTKEY_TEST_REPORT: file } = process.env;
  const startedAt = performance.now();
  const tests = [];
  let [total, ended, failed, shownAt] = [0, 0, 0, startedAt];

  function show() {
    shownAt = performance.now();
    const seconds = Math.round((shownAt - startedAt) / 1_000);
    console.log(
      `  ${part}: ${ended} of ${total} ${unit}, ${seconds} s, ${failed || "none"} failed`,
    );
  }
  return {
    start: (count) => {
      total = count;
    },
    /** @param {{ file: string, name: string, outcome: "passed" | "failed" | "skipped", ms: number }} test */
    test: (test) => {
      tests.push(test);
      if (test.outcome !== "failed") return;
      failed += 1;
      console.log(`  ✗ ${test.file}: ${test.name}`);
      show();
    },
    done: () => {
      ended += 1;
      if (ended === total || performance.now() - shownAt > EVERY_MS) show();
    },
    write: () => file && writeFileSync(file, JSON.stringify(tests)),
  };
}
