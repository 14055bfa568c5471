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

const SOURCES = ["app", "components", "lib"].flatMap((folder) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.tsx?$/.test(path) && !/\.test\.ts$|^(testing|house)\//.test(path))
    .map((path) => `${folder}/${path}`),
);

test("no text and no comment uses a word that CONTRIBUTING.md refuses", () => {
  expect(WORDS.length).toBeGreaterThan(5);
  const found = ["README.md", ...SOURCES].flatMap((path) =>
    saidIn(readFileSync(path, "utf8")).map((word) => `${path}: ${word}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ["a text", 'description="Nobody signs in."'],
  ["a comment", "// For whoever asks."],
  ["the end of a sentence", "It belongs to nobody."],
])("one in %s is found", (_what, text) => {
  expect(saidIn(text)).toHaveLength(1);
});

test.each(["const nobody = 1;", "type Somebody = {", "admit(who: Somebody, role: Role)"])(
  "%s has a name, not a word",
  (text) => {
    expect(saidIn(text)).toEqual([]);
  },
);
