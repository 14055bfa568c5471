import { DEVICE_IMPORT_MAX_BYTES } from "@/lib/access/devices/import/schema";
import { ACCOUNT_IMPORT_MAX_BYTES } from "@/lib/email-accounts/import/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";

/** How much of a body is taken, and how long it may take to come. */
export type BodyLimits = {
  maxBytes: number;
  withinMs: number;
  /** Held until it is complete and checked; otherwise passed on as it comes, for a handler that counts it. */
  isHeld: boolean;
};

/** Of every operation of the API: Next.js itself sets no limit to what a route reads. */
export const API_MAX_BYTES = 256 * 1024;
/** As next.config.mjs says of Server Actions; there Next.js counts, and only behind proxy.ts. */
const PAGE_MAX_BYTES = 128 * 1024;
/** next-auth reads an address and a password here, before the client is known. */
const SIGN_IN_MAX_BYTES = 16 * 1024;

const BODY_WITHIN_MS = 10 * SECOND_MS;
export const UPLOAD_WITHIN_MS = 120 * SECOND_MS;

/** Fields of a form, and parts of one with files: ours have at most thirty. */
const MAX_FORM_FIELDS = 200;
/** Values of a JSON text: “Test these” sends a thousand ids, and that is the longest. */
const MAX_JSON_VALUES = 10_000;
const MAX_JSON_DEPTH = 32;

/** A limit of a body, for people: `256 KiB`. */
export function limitText(bytes: number): string {
  return bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`;
}

const KIB = 1024;
const MIB = KIB * KIB;

/** What is a file, and no form or JSON. */
const FILES: ReadonlyMap<string, number> = new Map([
  ["/api/contacts/import", IMPORT_MAX_BYTES],
  ["/api/devices/import", DEVICE_IMPORT_MAX_BYTES],
  ["/api/emailAccounts/import", ACCOUNT_IMPORT_MAX_BYTES],
]);

/** @param pathname as it was sent; any other spelling gets the limit of everything else */
export function bodyLimits(pathname: string): BodyLimits {
  const ofFile = FILES.get(pathname);
  if (ofFile !== undefined) return { maxBytes: ofFile, withinMs: UPLOAD_WITHIN_MS, isHeld: false };
  return { maxBytes: maxBytesOf(pathname), withinMs: BODY_WITHIN_MS, isHeld: true };
}

function maxBytesOf(pathname: string): number {
  if (pathname.startsWith("/api/auth/")) return SIGN_IN_MAX_BYTES;
  return pathname.startsWith("/api/") ? API_MAX_BYTES : PAGE_MAX_BYTES;
}

/**
 * Why a parser is not given this body; null when it may have it.
 * @param contentType of the request, as it was sent
 */
export function bodyProblem(body: Buffer, contentType: string): string | null {
  const [type = ""] = contentType.toLowerCase().split(";");
  const isForm = type.trim() === "application/x-www-form-urlencoded";
  if (isForm && count(body, "&") >= MAX_FORM_FIELDS) return TOO_MANY_FIELDS;
  if (type.trim() === "multipart/form-data" && hasTooManyParts(body, contentType))
    return TOO_MANY_FIELDS;
  // React sends the arguments of a Server Action as JSON in text/plain.
  return isForm || type.includes("multipart") ? null : jsonProblem(body);
}

/** By whichever boundary: parsers disagree about which of several counts. */
function hasTooManyParts(body: Buffer, contentType: string): boolean {
  const told = [...contentType.matchAll(/boundary=(?:"([^"]*)"|([^;\s]+))/gi)];
  const boundaries = told.map(([, quoted, bare]) => `--${quoted ?? bare ?? ""}`);
  // The last one ends the body.
  return boundaries.some((each) => count(body, each) > MAX_FORM_FIELDS + 1);
}

const TOO_MANY_FIELDS = `A form has at most ${MAX_FORM_FIELDS} fields.`;

function count(body: Buffer, text: string): number {
  let found = 0;
  for (let at = body.indexOf(text); at !== -1; at = body.indexOf(text, at + 1)) found += 1;
  return found;
}

/** Texts in it, with whatever they hold: `"a\"[,"` opens nothing. */
const TEXTS = /"(?:[^"\\]|\\[\s\S])*"?/g;

/** Without building values: nesting and lengths are only counted. */
function jsonProblem(body: Buffer): string | null {
  const marks = body.toString("latin1").replace(TEXTS, "");
  if (depthOf(marks) > MAX_JSON_DEPTH) return `JSON is nested at most ${MAX_JSON_DEPTH} deep.`;
  const values = marks.split(",", MAX_JSON_VALUES + 1).length;
  return values > MAX_JSON_VALUES ? `JSON has at most ${MAX_JSON_VALUES} values.` : null;
}

function depthOf(marks: string): number {
  let [depth, deepest] = [0, 0];
  for (const [mark] of marks.matchAll(/[[\]{}]/g)) {
    depth += mark === "[" || mark === "{" ? 1 : -1;
    deepest = Math.max(deepest, depth);
  }
  return deepest;
}
