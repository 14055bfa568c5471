import { existsSync, readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { allFiles } from "@/lib/testing/sources";

const documents = [
  "README.md",
  "CONTRIBUTING.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".md"))
    .map((path) => `docs/${path}`),
];

/** A path of this repository that ends in a file, as `lib/mail/{imap,pop3}.ts`. */
const PATH =
  /(?<![\w/.-])(?:app|bench|components|docs|e2e|lib|prisma|scripts)\/[\w.,()[\]{}/-]*?\.(?:tsx?|mjs|md|prisma|py)\b/g;

function expanded(path: string): string[] {
  const [whole, choices] = /\{([^}]*)\}/.exec(path) ?? [];
  if (whole === undefined || choices === undefined) return [path];
  return choices.split(",").flatMap((choice) => expanded(path.replace(whole, choice)));
}

test("each file that a document names is there", () => {
  const gone = documents.flatMap((document) =>
    [...readFileSync(document, "utf8").matchAll(PATH)]
      .flatMap(([path]) => expanded(path))
      .filter((path) => !existsSync(path))
      .map((path) => `${document}: ${path}`),
  );
  expect(gone).toEqual([]);
});

test("docs/reliability.md says what each part of the long run proves", () => {
  const said = readFileSync("docs/reliability.md", "utf8");
  const parts = allFiles().filter((file) => /\.long\.(?:test|spec)\.ts$/.test(file));
  expect(parts.length).toBeGreaterThan(20);
  expect(parts.filter((file) => !said.includes(file))).toEqual([]);
});
