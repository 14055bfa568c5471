import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";

export type Node = Readonly<Record<string, unknown>>;

/** All that is delivered and written in TypeScript or JavaScript. */
export function productFiles(): string[] {
  const inFolders = ["lib", "app", "components"].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
  );
  return [...inFolders, "proxy.ts", "instrumentation.ts"].filter(
    (file) => /\.(?:tsx?|mjs)$/.test(file) && !/\.test\.tsx?$|^lib\/(?:testing|house)\//.test(file),
  );
}

export function readSource(file: string): Source {
  return { file, text: readFileSync(file, "utf8") };
}

export type Source = { file: string; text: string };

/** As the compiler's own parser sees it. */
export function parse({ file, text }: Source): unknown {
  return parseSync(text, { syntax: "typescript", tsx: file.endsWith("x"), target: "es2022" });
}

export function walk(value: unknown, visit: (node: Node) => void): void {
  if (Array.isArray(value)) for (const each of value) walk(each, visit);
  else if (isNode(value)) {
    visit(value);
    walk(Object.values(value), visit);
  }
}

export function isNode(value: unknown): value is Node {
  return typeof value === "object" && value !== null;
}
