import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import {
  allFiles,
  isNode,
  type Node,
  placesOf,
  readSource,
  type Source,
} from "@/lib/testing/sources";

/*
 * What every test keeps to that runs in `npm test`: it waits for what happens and not for a time, so that a busy
 * machine makes it slower and not red. Long tests (x.long.test.ts, x.long.spec.ts) may judge time.
 */
const fast = allFiles()
  .filter((file) => /(?<!\.long)\.(?:test|spec)\.tsx?$/.test(file))
  .filter((file) => !file.endsWith("house/fast-tests.test.ts"))
  .map(readSource);

const TOOK = /(?:\bperformance\.now|\belapsed|\bDate\.now)\(\) - \w/.source;
/** A name that is given how long something took. A date in the past is something else. */
const NAMED = new RegExp(`\\b(\\w+) = (?:(?!new Date)[^;])*?${TOOK}`, "g");

/** Whether how long something took has an upper bound. */
function isJudgedByClock({ text }: Source): boolean {
  const names = [...text.matchAll(NAMED)].map(([, name]) => `\\b${name}\\b`);
  const time = [TOOK, ...names].join("|");
  return new RegExp(`expect\\((?:(?!new Date)[^;])*?(?:${time})[^;]*?\\)\\.toBeLess`).test(text);
}

/** Of a fake server, which may be slow: it answers a request, or speaks on a socket. */
const SERVES = /^(?:request|reply|response|socket|stream|connection)$/;
const FUNCTION = /^(?:Function(?:Declaration|Expression)|ArrowFunctionExpression|MethodProperty)$/;

/** Where a test, or what it calls, waits for a time to pass. */
function sleeps(source: Source): string[] {
  if (!source.text.includes("setTimeout")) return [];
  const [, alias = "setTimeout"] = /\bsetTimeout as (\w+)/.exec(source.text) ?? [];
  const ofServers = new Set<unknown>();
  const isTimer = (node: unknown): boolean =>
    isNode(node) &&
    (isCallOf(node, alias) ||
      (node.type === "NewExpression" && JSON.stringify(node).includes('"value":"setTimeout"')));
  const pick = (node: Node) => {
    if (FUNCTION.test(String(node.type)) && isServing(node))
      walkAwaits(node, (inside) => ofServers.add(inside));
    const isAwaited = node.type === "AwaitExpression" && isTimer(node.argument);
    return !ofServers.has(node) && (isAwaited || isRaced(node, isTimer)) ? node : null;
  };
  return placesOf(source, pick).map(({ place }) => place);
}

function isCallOf({ type, callee }: Node, name: string): boolean {
  return type === "CallExpression" && isNode(callee) && callee.value === name;
}

function isServing({ params }: Node): boolean {
  return JSON.stringify(params ?? [])
    .split('"value":"')
    .some((part) => SERVES.test(part.split('"')[0] ?? ""));
}

function walkAwaits(value: unknown, visit: (node: Node) => void): void {
  if (!isNode(value)) return;
  if (value.type === "AwaitExpression") visit(value);
  for (const each of Object.values(value)) walkAwaits(each, visit);
}

/** `Promise.race([work, sleep(…)])`: nothing happened in that time. */
function isRaced({ type, arguments: given }: Node, isTimer: (node: unknown) => boolean): boolean {
  if (type !== "CallExpression" || !Array.isArray(given)) return false;
  return given.some(({ expression }: Node) => {
    const elements = isNode(expression) ? expression.elements : undefined;
    return (
      Array.isArray(elements) && elements.some((each) => isNode(each) && isTimer(each.expression))
    );
  });
}

/** Of a browser's assertion, which waits for as long as a busy machine needs otherwise. */
const SHORT_WAIT = /\btimeout: (?:\d{1,3}|1_000)\b/;
const RETRIES = /\bretr(?:y|ies): [1-9]/;

type Rule = readonly [name: string, find: (source: Source) => readonly unknown[]];
const saying = (pattern: RegExp) => (source: Source) => source.text.match(pattern) ?? [];

const RULES: readonly Rule[] = [
  ["has no upper bound of time", (source) => (isJudgedByClock(source) ? [source.file] : [])],
  ["sleeps", sleeps],
  ["waits by a loop of another kind than expect.poll", saying(/\bvi\.waitFor\b|\bvi\.waitUntil\b/)],
  ["replaces a module", saying(/\bvi\.(?:do)?[mM]ock\(/)],
  ["waits for a time in a browser", saying(/\bwaitForTimeout\(/)],
  [
    "gives a browser less time than others",
    (source) => (source.file.includes(".spec.") ? saying(SHORT_WAIT)(source) : []),
  ],
  ["is tried again", saying(RETRIES)],
];

test("the tests are read", () => expect(fast.length).toBeGreaterThan(200));

describe("no fast test", () => {
  test.each(RULES)("%s", (_name, find) => {
    const found = fast.flatMap((source) => {
      const places = find(source);
      return places.length === 0 ? [] : [`${source.file} (${places.join(", ")})`];
    });
    expect(found).toEqual([]);
  });
});

test("neither runner forgives what failed once", () => {
  for (const file of ["vitest.config.ts", "playwright.config.ts"]) {
    const config = readFileSync(file, "utf8");
    expect(RETRIES.test(config) && !config.includes("failOnFlakyTests: true")).toBe(false);
  }
});

const LINES_OF_TESTS = 45_000;

test(`all tests together have ${LINES_OF_TESTS} lines or fewer`, () => {
  const lines = allFiles()
    .filter((file) => /\.(?:test|spec)\.tsx?$/.test(file))
    .map((file) => readSource(file).text.split("\n").length - 1);
  expect(lines.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(LINES_OF_TESTS);
});
