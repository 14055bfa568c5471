import { expect, test } from "vitest";
import { productSources } from "@/lib/testing/sources";

/* Lists have pages (findPage, findSection), choices are searched (findChoices): what else ends at a number says why. */
const OF_STATEMENTS = /^lib\/(?!kernel\/(?:paging|choices)\/).*\/(?:queries|store)\.ts$/;
const ENDS = /\btake: [\w +]+|\bLIMIT (?:\$\{[^}]*\}|\d+)/g;
/** Above the statement: `// Ends: Says how many more there are.` */
const REASON = /\bEnds: \S/g;
const COMMENT = /\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/ .*$/gm;

/** The ends that have no reason beside them in their function; one reason is for one end, however often it stands there. */
function unexplained(text: string): string[] {
  return text.split(/\n\n(?=\S)/).flatMap((part) => {
    const ends = [...new Set(part.replaceAll(COMMENT, "").match(ENDS) ?? [])];
    const reasons = part.match(COMMENT)?.join().match(REASON) ?? [];
    return ends.slice(reasons.length);
  });
}

test("no statement ends at a number of rows without a reason", () => {
  const sources = productSources().filter(({ file }) => OF_STATEMENTS.test(file));
  expect(sources.filter(({ text }) => text.match(ENDS)).length).toBeGreaterThan(30);
  const found = sources.flatMap(({ file, text }) =>
    unexplained(text).map((end) => `${file} ${end}`),
  );
  expect(found).toEqual([]);
});

const STATEMENT = "  return db()`SELECT id FROM x LIMIT 20`;\n}\n";

test.each([
  ["no reason", `function f() {\n${STATEMENT}`, ["LIMIT 20"]],
  ["a reason", `function f() {\n  // Ends: Names alone.\n${STATEMENT}`, []],
  [
    "the reason of another",
    `// Ends: Names.\nconst A = 1;\n\nfunction f() {\n${STATEMENT}`,
    ["LIMIT 20"],
  ],
  [
    "one of two",
    `// Ends: Names.\nfunction f() {\n  find({ take: MAX + 1 });\n${STATEMENT}`,
    ["LIMIT 20"],
  ],
])("an end with %s", (_what, text, left) => expect(unexplained(text)).toEqual(left));
