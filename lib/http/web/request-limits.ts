import { DEVICE_IMPORT_MAX_BYTES } from "@/lib/devices/import/schema";
import { ACCOUNT_IMPORT_MAX_BYTES } from "@/lib/email-accounts/import/schema";
import { SECOND_MS } from "@/lib/kernel/clock";
import { IMPORT_MAX_BYTES } from "@/lib/kernel/imports/schema";
import { REPORT_MAX_BYTES } from "@/lib/migration/schema";

export type BodyLimits = {
  maxBytes: number;
  withinMs: number;
  /** Until complete and checked; otherwise its handler counts. */
  isHeld: boolean;
};

/** Next.js sets no limit for routes. */
export const API_MAX_BYTES = 256 * 1024;
/** As for Server Actions in next.config.mjs, which apply only behind proxy.ts. */
const PAGE_MAX_BYTES = 128 * 1024;
/** next-auth reads this before the client is known. */
const SIGN_IN_MAX_BYTES = 16 * 1024;
export const UPLOAD_WITHIN_MS = 120 * SECOND_MS;

const MAX_FORM_FIELDS = 200;
/** “Test these” sends a thousand ids. */
const MAX_JSON_VALUES = 10_000;
const MAX_JSON_DEPTH = 32;

export function limitText(bytes: number): string {
  return bytes < MIB ? `${bytes / KIB} KiB` : `${bytes / MIB} MiB`;
}

const KIB = 1024;
const MIB = KIB * KIB;

const FILES: ReadonlyMap<string, number> = new Map([
  ["/api/contacts/import", IMPORT_MAX_BYTES],
  ["/api/devices/import", DEVICE_IMPORT_MAX_BYTES],
  ["/api/emailAccounts/import", ACCOUNT_IMPORT_MAX_BYTES],
  ["/api/migration/smtpAuthReport", REPORT_MAX_BYTES],
]);

/** @param pathname as sent; other spellings get the default */
export function bodyLimits(pathname: string): BodyLimits {
  const ofFile = FILES.get(pathname);
  if (ofFile !== undefined) return { maxBytes: ofFile, withinMs: UPLOAD_WITHIN_MS, isHeld: false };
  return { maxBytes: maxBytesOf(pathname), withinMs: 10 * SECOND_MS, isHeld: true };
}

function maxBytesOf(pathname: string): number {
  if (pathname.startsWith("/api/auth/")) return SIGN_IN_MAX_BYTES;
  return pathname.startsWith("/api/") ? API_MAX_BYTES : PAGE_MAX_BYTES;
}

/** Null if a parser may have it. @param contentType as sent */
export function bodyProblem(body: Buffer, contentType: string): string | null {
  const [type = ""] = contentType.toLowerCase().split(";");
  const text = body.toString("latin1");
  if (type.includes("multipart")) return fieldsProblem(text, PARTS);
  if (type.trim() === "application/x-www-form-urlencoded") return fieldsProblem(text, /&/g);
  // React sends Server Action arguments as JSON in text/plain.
  return jsonProblem(text.replace(TEXTS, ""));
}

/** RFC 7578 §4.2 */
const PARTS = /content-disposition:/gi;

function fieldsProblem(text: string, mark: RegExp): string | null {
  const fields = text.match(mark)?.length ?? 0;
  return fields < MAX_FORM_FIELDS ? null : `A form has at most ${MAX_FORM_FIELDS} fields.`;
}

/** Brackets in texts do not count: `"a\"[,"`. */
const TEXTS = /"(?:[^"\\]|\\[\s\S])*"?/g;

const DEEPER: Readonly<Record<string, number>> = { "[": 1, "{": 1, "]": -1, "}": -1 };

/** Counts nesting and lengths without building values. */
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
