import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** The list stands in CONTRIBUTING.md, where people read it. */
const contributing = readFileSync("CONTRIBUTING.md", "utf8").replaceAll(/\s+/g, " ");
const [, list = ""] = /refuses these words[^:]*: ([^.]+)\./.exec(contributing) ?? [];
const WORDS = list.split(", ");

/** Within a sentence: the words that follow tell it from a name in the code. */
const SAID = new RegExp(
  String.raw`\b(?:${WORDS.join("|")})(?:'s)?(?= [a-z]|, [a-z]+ [a-z]|\.(?:\W|$))`,
  "gi",
);
const saidIn = (text: string): string[] => [...text.matchAll(SAID)].map(([word]) => word);

const FOLDERS = ["app", "components", "lib", "e2e", "prisma", "scripts", "bench", "docs"];
/** Tests have names of their own, and docs/reliability.md quotes them; generated files are not ours. */
const NOT_READ =
  /\.(test|spec)\.ts$|^(lib\/testing|e2e)\/|^docs\/reliability\.md$|^prisma\/(generated|migrations)\//;

const sourcesOf = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).map((path) => `${folder}/${path}`);
const ROOT = readdirSync(".").filter((path) => path !== "CONTRIBUTING.md");
const SOURCES = [...ROOT, ...FOLDERS.flatMap(sourcesOf)].filter(
  (path) => /\.(tsx?|mjs|css|prisma|md)$/.test(path) && !NOT_READ.test(path),
);

test("no text and no comment uses a word that CONTRIBUTING.md refuses", () => {
  expect(WORDS.length).toBeGreaterThan(5);
  expect(SOURCES.length).toBeGreaterThan(500);
  const found = SOURCES.flatMap((path) =>
    saidIn(readFileSync(path, "utf8")).map((word) => `${path}: ${word}`),
  );
  expect(found).toEqual([]);
});
