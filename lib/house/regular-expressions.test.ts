import { check } from "recheck";
import { expect, test } from "vitest";
import { isNode, type Node, parse, productFiles, readSource, walk } from "@/lib/testing/sources";

/**
 * A regular expression that takes the square of its text's length stops everything else for seconds,
 * since others choose that text: the event loop waits. So none may, wherever it stands.
 */

/** Those that are built when the program runs: here their pieces are ours, and their text is short. */
const BUILT: Readonly<Record<string, string>> = {
  "components/support-text.ts": "a literal name before a bounded value",
  "lib/access/company/slugs.ts": "names of ours, and a number",
  "lib/mail/sign-in-line.ts": "a command's name at the beginning of a line",
  "lib/oauth/failure-details.ts": "the same on at most 512 characters",
  "lib/remedies/fill-command.ts": "names of placeholders, without a quantifier",
};

type Found = { source: string; flags: string; file: string };

const { literals, built } = regularExpressions();

test("the sources are read", () => {
  expect(literals.length).toBeGreaterThan(150);
});

test("only what is listed here builds regular expressions", () => {
  expect([...new Set(built)].sort()).toEqual(Object.keys(BUILT));
});

test("no regular expression takes more than linear time", { timeout: 600_000 }, async () => {
  const slow: string[] = [];
  for (const { source, flags, file } of literals) {
    const problem = await superLinear(source, flags);
    if (problem !== undefined) slow.push(`${file}: /${source}/${flags} ${problem}`);
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

/** Of all that is delivered, as the compiler's own parser sees it. */
function regularExpressions(): { literals: Found[]; built: string[] } {
  const found = new Map<string, Found>();
  const built: string[] = [];
  for (const file of productFiles()) {
    walk(parse(readSource(file)), (node) => {
      if (isLiteral(node)) found.set(`/${node.pattern}/${node.flags}`, foundIn(file, node));
      if (isBuilt(node)) built.push(file);
    });
  }
  return { literals: [...found.values()], built };
}

type Literal = { pattern: string; flags: string };

function isLiteral(node: Node): node is Node & Literal {
  return node.type === "RegExpLiteral";
}

function foundIn(file: string, { pattern, flags }: Literal): Found {
  return { file, source: pattern, flags };
}

function isBuilt({ type, callee }: Node): boolean {
  const isCall = type === "NewExpression" || type === "CallExpression";
  return isCall && isNode(callee) && callee.value === "RegExp";
}
