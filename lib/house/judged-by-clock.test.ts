import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { ALONE, WAITING } from "@/vitest.config";

const ROOTS = ["lib", "app", "components", "scripts", "bench", "e2e"];
const sources = ROOTS.flatMap((root) =>
  readdirSync(root, { recursive: true, encoding: "utf8" }).map((path) => `${root}/${path}`),
)
  .filter((path) => /\.(test|spec)\.tsx?$/.test(path) && !path.endsWith("/judged-by-clock.test.ts"))
  .map((path) => ({ path, text: readFileSync(path, "utf8") }));

const TOOK = /(?:\bperformance\.now|\belapsed|\bDate\.now)\(\) - \w/.source;
/** A name that is given how long something took. A date in the past is something else. */
const NAMED = new RegExp(`\\b(\\w+) = (?:(?!new Date)[^;])*?${TOOK}`, "g");

/** Whether how long something took has an upper bound. @param whole the file, whose functions take the time */
function isJudgedByClock(text: string, whole = text): boolean {
  const names = [...whole.matchAll(NAMED)].map(([, name]) => `\\b${name}\\b`);
  const time = [TOOK, ...names].join("|");
  return new RegExp(`expect\\((?:(?!new Date)[^;])*?(?:${time})[^;]*?\\)\\.toBeLess`).test(text);
}

/** Of a browser's assertion; it waits for five seconds otherwise. */
const SHORT_WAIT = /timeout: (?:\d{1,3}|1_000)\b/;

/** The parts of a spec: each begins with a test, or a group of them, and has the functions behind it. */
const partsOf = (text: string) => text.split(/^(?=test[.(])/m);

const GLOB: Readonly<Record<string, string>> = {
  "**/": "(?:.+/)?",
  "*": "[^/]*",
  "{": "(?:",
  ",": "|",
  "}": ")",
  ".": "\\.",
};
const pathsOf = (glob: string) =>
  new RegExp(`^${glob.replaceAll(/\*\*\/|\*|\{|,|\}|\./g, (each) => GLOB[each] ?? "")}$`);
const [alone, waiting] = [ALONE.map(pathsOf), WAITING.map(pathsOf)];
const runsAlone = (path: string) =>
  alone.some((pattern) => pattern.test(path)) && !waiting.some((pattern) => pattern.test(path));

describe("a test that is judged by the clock runs when nothing else does", () => {
  test("because vitest.config.ts lists it", () => {
    const judged = sources.filter(
      ({ path, text }) => /\.test\./.test(path) && isJudgedByClock(text),
    );
    expect(judged.length).toBeGreaterThan(10);
    const beside = judged.filter(({ path }) => !runsAlone(path));
    expect(beside.map(({ path }) => path)).toEqual([]);
  });

  test("because its tag says so, in the browser", () => {
    const judged = sources
      .filter(({ path }) => /\.spec\./.test(path))
      .flatMap(({ path, text }) => partsOf(text).map((part) => ({ path, part, text })))
      .filter(({ part, text }) => isJudgedByClock(part, text) || SHORT_WAIT.test(part));
    expect(judged.length).toBeGreaterThan(2);
    const beside = judged.filter(({ part }) => !part.includes('tag: "@alone"'));
    expect(beside.map(({ path }) => path)).toEqual([]);
  });
});

test.each([
  "expect(performance.now() - startedAt).toBeLessThan(5_000);",
  "expect((elapsed() - begun) / SECOND_MS).toBeLessThanOrEqual(3);",
  "const tookMs = Date.now() - before;\nexpect(tookMs).toBeLessThan(100);",
  "slowest = Math.max(slowest, performance.now() - at);\nexpect(slowest).toBeLessThan(1_000);",
])("the clock judges in %j", (text) => expect(isJudgedByClock(text)).toBe(true));

test.each([
  "expect(expiresAt.getTime() - Date.now()).toBeLessThan(HOUR_MS);",
  "const at = new Date(Date.now() - HOUR_MS);\nexpect(at.getTime()).toBeLessThan(end);",
  "expect(performance.now() - startedAt).toBeGreaterThan(1_000);",
  "const seconds = (performance.now() - begun) / 1_000;\nexpect(asked).toBeLessThan(2 * seconds);",
  "expect(leastCpuMs(work)).toBeLessThan(50);",
])("the clock does not judge in %j", (text) => expect(isJudgedByClock(text)).toBe(false));
