import { check } from "recheck";
import { expect, test } from "vitest";
import { type Node, parse, productSources, walk } from "@/lib/testing/sources";

/*
 * A regular expression that takes the square of its text's length stops everything else for seconds, since others
 * choose that text: the event loop waits. Those that are built are listed in one-rule.test.ts.
 */
test("no regular expression takes more than linear time", { timeout: 600_000 }, async () => {
  const found = new Map<string, { text: string; file: string; pattern: string; flags: string }>();
  for (const source of productSources())
    walk(parse(source), (node) => {
      if (!isLiteral(node)) return;
      const { pattern, flags } = node;
      const text = `/${pattern}/${flags}`;
      found.set(text, { text, file: source.file, pattern, flags });
    });
  expect(found.size).toBeGreaterThan(150);
  const slow: string[] = [];
  for (const { text, file, pattern, flags } of found.values()) {
    const problem = await superLinear(pattern, flags);
    if (problem !== undefined) slow.push(`${file}: ${text} ${problem}`);
  }
  expect(slow).toEqual([]);
});

/** Three that stopped the web server or the keeper, and one of each other kind: the check finds them. */
test.each([
  [/^["']+|["']+$/, "at the end, tried from each place"],
  [/\([^)]*\)/, "never closed"],
  [/"(?:[^"\\]|\\.)*"/s, "never closed, with escapes"],
  [/^(?:a|a)*$/, "exponential"],
  [/a.*b.*c/, "two unbounded ones"],
])("the check finds %s (%s)", async ({ source, flags }) => {
  expect(await superLinear(source, flags)).toBeDefined();
});

/** What is wrong with it; undefined where it is linear. Counts steps and not seconds. */
async function superLinear(source: string, flags: string): Promise<string | undefined> {
  // Without one of these a match is no longer than the expression itself.
  if (!/[*+{]/.test(source)) return undefined;
  const found = await check(source, flags, LIMITS);
  if (found.status === "safe") return undefined;
  return found.status === "vulnerable" ? found.complexity.summary : "cannot be decided";
}

const LIMITS = {
  timeout: null,
  incubationTimeout: null,
  attackTimeout: null,
  randomSeed: 1,
} as const;

function isLiteral(node: Node): node is Node & { pattern: string; flags: string } {
  return node.type === "RegExpLiteral";
}
