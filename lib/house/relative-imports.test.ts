import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";

/** Relative paths of a file that lead out of its room; what leaves a room says its whole name. */
function leavingTheRoom(file: string, text: string): string[] {
  const room = /^lib\/[^/]+\//.exec(file)?.[0] ?? "lib/";
  const named = [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)];
  return named
    .map(([, path = ""]) => path)
    .filter((path) => !join(dirname(file), path).startsWith(room));
}

const SOURCES = readdirSync("lib", { recursive: true, encoding: "utf8" })
  .map((path) => `lib/${path.replaceAll("\\", "/")}`)
  .filter((path) => /\.tsx?$/.test(path) && !/^lib\/(house|testing)\//.test(path));

test("no relative import leaves its room", () => {
  const found = SOURCES.flatMap((file) =>
    leavingTheRoom(file, readFileSync(file, "utf8")).map((path) => `${file}: ${path}`),
  );
  expect(found).toEqual([]);
});

test.each([
  ["lib/contacts/planted.ts", 'import { x } from "../kernel/actor";'],
  ["lib/contacts/import/planted.ts", 'import type { x } from "../../kernel/mint-actor";'],
  ["lib/contacts/planted.ts", 'const x = await import("../kernel/db");'],
  ["lib/contacts/planted.ts", 'import "../../app/layout";'],
])("one in %s is seen: %s", (file, text) => {
  expect(leavingTheRoom(file, text)).toHaveLength(1);
});

test("one within a room is none", () => {
  expect(leavingTheRoom("lib/contacts/import/run.ts", 'import { x } from "../queries";')).toEqual(
    [],
  );
});
