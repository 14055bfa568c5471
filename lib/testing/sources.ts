import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parseSync } from "@swc/core";

export type Node = Readonly<Record<string, unknown>>;

/** All that is delivered and written in TypeScript or JavaScript. */
export function productFiles(): string[] {
  const ofTests = /\.test\.tsx?$|^lib\/testing\//;
  const inFolders = filesOf(["lib", "app", "components"]).filter((file) => !ofTests.test(file));
  return [...inFolders, "proxy.ts", "instrumentation.ts"];
}

/** The same with tests, and with all that is for those who work on it. */
export function allFiles(): string[] {
  const folders = ["lib", "app", "components", "e2e", "bench", "scripts", "deploy"];
  return [...filesOf(folders), "proxy.ts", "instrumentation.ts"];
}

function filesOf(folders: readonly string[]): string[] {
  return folders
    .flatMap((folder) =>
      readdirSync(folder, { recursive: true, encoding: "utf8" }).map((file) => join(folder, file)),
    )
    .filter((file) => /\.(?:tsx?|mjs)$/.test(file));
}

export function readSource(file: string): Source {
  return { file, text: readFileSync(file, "utf8") };
}

export type Source = { file: string; text: string };

let read: readonly Source[] | undefined;

/** All that is delivered, read once. */
export function productSources(): readonly Source[] {
  read ??= productFiles().map(readSource);
  return read;
}

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

/** Where nodes of a kind stand, and on how many lines. */
export function placesOf({ file, text }: Source, pick: (node: Node) => Node | null): Place[] {
  // The parser counts bytes, from the first token of all that it ever read: this one begins the text.
  const marked = `;${text}`;
  const bytes = Buffer.from(marked);
  const tree = parse({ file, text: marked });
  const base = spanOf(tree).start;
  const lineAt = (offset: number) =>
    bytes
      .subarray(0, offset - base)
      .toString()
      .split("\n").length;
  const found: Place[] = [];
  walk(tree, (node) => {
    const picked = pick(node);
    if (!picked) return;
    const { start, end } = spanOf(picked);
    const line = lineAt(start);
    found.push({ place: `${file}:${line}`, count: lineAt(end) - line + 1 });
  });
  return found;
}

type Place = { place: string; count: number };

function spanOf(node: unknown): { start: number; end: number } {
  const span = isNode(node) ? node.span : undefined;
  const { start, end }: Node = isNode(span) ? span : {};
  if (typeof start !== "number" || typeof end !== "number") throw new Error("A node has no place.");
  return { start, end };
}
