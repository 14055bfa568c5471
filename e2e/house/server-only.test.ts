import { existsSync } from "node:fs";
import { join } from "node:path/posix";
import { expect, test } from "vitest";
import { productSources } from "@/lib/testing/sources";

/*
 * A file that imports one marked `server-only` is refused in a client component as the marked one is, so the base
 * (kernel, egress) bears the mark, and above it only what stands on nothing of the base.
 */
const MARK = "server-only";
const IMPORT = /^(?:import|export)\s(?!type\b)(?:([^"';]*?)\sfrom\s)?"([^"]+)";/gm;

const sources = new Map(productSources().map(({ file, text }) => [file, text]));

/** What it imports as values: a type is gone before anything is bundled. */
function importsOf(file: string, text: string): string[] {
  return [...text.matchAll(IMPORT)].flatMap(([, names, from = ""]) =>
    isOfTypes(names) ? [] : [resolved(file, from)],
  );
}

function isOfTypes(names: string | undefined): boolean {
  const listed = /^\{([^}]*)\}$/.exec(names ?? "")?.[1]?.split(",") ?? [];
  const given = listed.map((name) => name.trim()).filter((name) => name !== "");
  return given.length > 0 && given.every((name) => name.startsWith("type "));
}

function resolved(file: string, from: string): string {
  if (!/^(@\/|\.)/.test(from)) return from;
  const path = from.startsWith("@/") ? from.slice(2) : join(file, "..", from);
  return [`${path}.ts`, `${path}.tsx`].find((each) => existsSync(each)) ?? path;
}

function reaches(file: string, seen: Set<string> = new Set()): boolean {
  if (file === MARK) return true;
  const text = sources.get(file);
  if (text === undefined || seen.has(file)) return false;
  seen.add(file);
  return importsOf(file, text).some((each) => reaches(each, seen));
}

const tables = [...sources.keys()].filter((file) =>
  /^lib\/.+\/(queries|mutations|store)\.ts$/.test(file),
);

test("no file that reads or writes the database can be bundled for a browser", () => {
  expect(tables.length).toBeGreaterThan(80);
  expect(tables.filter((file) => !reaches(file))).toEqual([]);
});

test("nothing is marked that stands on something marked", () => {
  const marked = [...sources].filter(([file, text]) => {
    const others = importsOf(file, text).filter((each) => each !== MARK);
    const isBase = /^lib\/(kernel|egress)\//.test(file);
    return !isBase && text.includes(`import "${MARK}"`) && others.some((each) => reaches(each));
  });
  expect(marked.map(([file]) => file)).toEqual([]);
});
