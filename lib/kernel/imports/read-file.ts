import { isUtf8 } from "node:buffer";
import { AppError } from "@/lib/kernel/errors";
import {
  columnMissing,
  columnsUnknown,
  positionsOf,
  readCsv,
  unknownColumns,
  unreadableFile,
} from "@/lib/kernel/text/read-csv";
import { type FileEncoding, sizeText } from "./schema";

/** @throws AppError payload_too_large */
export function readText(file: Buffer, maxBytes: number): { text: string; encoding: FileEncoding } {
  if (file.length > maxBytes)
    throw new AppError("payload_too_large", `A file can have up to ${sizeText(maxBytes)}.`);
  const encoding = encodingOf(file);
  // TextDecoder removes the mark.
  return { text: new TextDecoder(encoding).decode(file), encoding };
}

/** Columns, each with the names its first line may use. */
export type FileColumns<C extends string> = {
  names: Readonly<Record<C, RegExp>>;
  needed: readonly C[];
  maxRows: number;
};

export type FileLine<C extends string> = { line: number; cell: (column: C) => string };

/** By the first line. @throws AppError unprocessable for missing, unknown or repeated columns */
export async function* readLines<C extends string>(
  text: string,
  { names, needed, maxRows }: FileColumns<C>,
): AsyncGenerator<FileLine<C>> {
  const patterns = Object.entries<RegExp>(names);
  let at = new Map<string, number>();
  const readHeader = (header: string[]) => {
    at = new Map(patterns.map(([column, name]) => [column, positionOf(header, column, name)]));
    for (const column of needed) if (at.get(column) === -1) throw columnMissing(header, column);
    const unknown = unknownColumns(header, Object.values(names));
    if (unknown.length > 0) throw columnsUnknown(unknown, Object.keys(names));
  };
  for await (const { line, cells } of readCsv(text, { maxRows, readHeader }))
    yield { line, cell: (column) => cells[at.get(column) ?? -1] ?? "" };
}

/** A second column of one name would be lost silently. */
function positionOf(header: readonly string[], column: string, name: RegExp): number {
  const [first = -1, ...more] = positionsOf(header, name);
  if (more.length === 0) return first;
  const called = [first, ...more].map((index) => `“${header[index]?.slice(0, 60)}”`).join(" and ");
  throw unreadableFile(`Several columns are for ${column}: ${called}. Keep one of them.`);
}

/** Enough of an unusable cell to recognise it. */
const SHOWN_MAX = 254;

export function shownCell(cell: string): string {
  return cell.slice(0, SHOWN_MAX);
}

export type LineProblem = { column: string; message: string };

export function reasonOf(problems: readonly LineProblem[]): string {
  const firsts = new Map<string, string>();
  for (const { column, message } of problems) if (!firsts.has(column)) firsts.set(column, message);
  return [...firsts].map(([column, message]) => `${column}: ${message}`).join(" ");
}

const YES = /^(yes|y|true|on|1)$/i;
const NO = /^(no|n|false|off|0)$/i;

/** Undefined: neither yes nor no. */
export function readFlag(cell: string): boolean | undefined {
  if (YES.test(cell)) return true;
  return NO.test(cell) ? false : undefined;
}

/** By byte order mark (Unicode 16, §23.8); else UTF-8 or windows-1252, as Windows writes CSV. */
function encodingOf(bytes: Buffer): FileEncoding {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return "utf-16le";
  if (first === 0xfe && second === 0xff) return "utf-16be";
  if (first !== undefined && second === 0 && first !== 0) return "utf-16le";
  if (first === 0 && second !== 0) return "utf-16be";
  return isUtf8(bytes) ? "utf-8" : "windows-1252";
}
