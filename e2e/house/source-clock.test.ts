import { describe, expect, test } from "vitest";
import { allFiles, readSource, type Source } from "@/lib/testing/sources";

/** But for the clock module itself, and for what only tests use. */
const sources = allFiles()
  .filter(
    (file) => !/^lib\/kernel\/clock\.ts$|^lib\/testing\/|\.(?:test|spec)\.ts$|^e2e\//.test(file),
  )
  .map(readSource);

const DATE = /\bDate\.now\b|\bnew Date(\(\)|(?![\w(]))|(?<!new )\bDate\(\)/g;

/** Where a source asks Date what time it is: file and line. */
function askingDate({ file, text }: Source): string[] {
  const code = withoutComments(text);
  return [...code.matchAll(DATE)].map(({ index }) => `${file}:${lineOf(code, index)}`);
}

const OWN_CLOCK = /\b(wallTime|fromNow)\(/;

/** Where a source compares what is stored with a process's own clock: file and line. */
function comparingRows({ file, text }: Source): string[] {
  const code = withoutComments(text);
  const own = [
    ...code.matchAll(/\bconst (\w+) = (?:await )?(?:new Date\()?(?:wallTime|fromNow)\(/g),
  ];
  const names = own.map(([, name]) => name).join("|");
  const isOwn = (part: string) =>
    OWN_CLOCK.test(part) || (names !== "" && new RegExp(`\\b(${names})\\b(?!:)`).test(part));
  const conditions = [...code.matchAll(/\bwhere: \{/g)].map(({ index }) => ({
    index,
    part: block(code, index + "where: ".length),
  }));
  const parameters = [...code.matchAll(/(?:Raw(?:<[^`]*>)?|\.sql)`([^`]*)`/g)].map((found) => ({
    index: found.index,
    part: [...(found[1] ?? "").matchAll(/\$\{([^}]*)\}/g)].map(([, inner]) => inner).join(" "),
  }));
  return [...conditions, ...parameters]
    .filter(({ part }) => isOwn(part))
    .map(({ index }) => `${file}:${lineOf(code, index)}`);
}

/** Up to the brace that closes the one that stands there. */
function block(code: string, from: number): string {
  let depth = 0;
  for (let at = from; at < code.length; at += 1) {
    if (code[at] === "{") depth += 1;
    if (code[at] === "}") depth -= 1;
    if (depth === 0) return code.slice(from, at + 1);
  }
  return code.slice(from);
}

/** As many lines as before. */
function withoutComments(text: string): string {
  const blank = (comment: string) => comment.replaceAll(/[^\n]/g, " ");
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, blank).replaceAll(/^\s*\/\/.*$/gm, blank);
}

const lineOf = (code: string, index: number) => code.slice(0, index).split("\n").length;

describe("only lib/kernel/clock.ts", () => {
  test("asks Date what time it is", () => {
    expect(sources.length).toBeGreaterThan(300);
    expect(sources.flatMap(askingDate)).toEqual([]);
  });

  test.each(["const at = Date.now();", "const clock = Date.now;", "const at = new Date();"])(
    "and would be the only one with %s",
    (text) => expect(askingDate({ file: "a.ts", text: `\n${text}` })).toEqual(["a.ts:2"]),
  );
});

describe("what is stored is compared with the clock of the database", () => {
  test("everywhere", () => expect(sources.flatMap(comparingRows)).toEqual([]));
});
