import { dirname, join } from "node:path/posix";
import { expect, test } from "vitest";
import { productSources, type Source } from "@/lib/testing/sources";

/** Relative paths of a file that lead out of its room; what leaves a room says its whole name. */
function leavingTheRoom({ file, text }: Source): string[] {
  const room = /^lib\/[^/]+\//.exec(file)?.[0] ?? "lib/";
  return [...text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*"(\.[^"]+)"/g)]
    .filter(([, path = ""]) => !join(dirname(file), path).startsWith(room))
    .map(([, path]) => `${file}: ${path}`);
}

test("no relative import leaves its room", () => {
  const lib = productSources().filter(({ file }) => file.startsWith("lib/"));
  expect(lib.flatMap(leavingTheRoom)).toEqual([]);
});
