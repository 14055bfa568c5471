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
  const text = body.toString("latin1");
  if (type.includes("multipart")) return fieldsProblem(text, PARTS);
  if (type.trim() === "application/x-www-form-urlencoded") return fieldsProblem(text, /&/g);
  // React sends the arguments of a Server Action as JSON in text/plain.
  return jsonProblem(text.replace(TEXTS, ""));
}

/** Each part of a form begins so (RFC 7578 §4.2). */
const PARTS = /content-disposition:/gi;

function fieldsProblem(text: string, mark: RegExp): string | null {
  const fields = text.match(mark)?.length ?? 0;
  return fields < MAX_FORM_FIELDS ? null : `A form has at most ${MAX_FORM_FIELDS} fields.`;
}

/** Texts in it, with whatever they hold: `"a\"[,"` opens nothing. */
const TEXTS = /"(?:[^"\\]|\\[\s\S])*"?/g;

const DEEPER: Readonly<Record<string, number>> = { "[": 1, "{": 1, "]": -1, "}": -1 };

/** Without building values: nesting and lengths are only counted. */
function jsonProblem(marks: string): string | null {
  let [depth, values] = [0, 1];
  for (const mark of marks) {
    if (mark === ",") values += 1;
    depth += DEEPER[mark] ?? 0;
    if (depth > MAX_JSON_DEPTH) return `JSON is nested at most ${MAX_JSON_DEPTH} deep.`;
    if (values > MAX_JSON_VALUES) return `JSON has at most ${MAX_JSON_VALUES} values.`;
  }
  return null;
}
