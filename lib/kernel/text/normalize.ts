/** `Ａbc  D` and `abc d` are one name. */
export function nameKey(text: string): string {
  return askable(text).normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
}

/** PostgreSQL refuses NUL, so none is stored. */
function askable(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}

/** Domain as A-labels (RFC 5891). Only for addresses that passed the schema. */
export function emailKey(address: string): string {
  return canonicalEmail(address).toLowerCase();
}

/** The local part keeps its case. */
export function canonicalEmail(address: string): string {
  const text = askable(address).normalize("NFKC").trim();
  const at = text.lastIndexOf("@");
  if (at < 1) return text;
  const domain = asciiDomain(text.slice(at + 1));
  // User names may be no addresses.
  return domain ? `${text.slice(0, at)}@${domain}` : text;
}

/** Empty if invalid. The URL parser would cut, remove or decode some into another domain. */
export function asciiDomain(domain: string): string {
  if (/[\s\p{Cc}/\\?#:@%[\]]/u.test(domain)) return "";
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return "";
  }
}

/** Presets may end with slashes. */
export function withoutEndSlashes(origin: string): string {
  return origin.replace(/(?<!\/)\/+$/, "");
}

/** Making one costs a hundred times one use. */
const SEGMENTER = new Intl.Segmenter();
/** Latin, Greek and Cyrillic without combining marks. */
const SINGLE = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f]*$/;

/** At most 30 marks in a row (UAX #15 §13): normal forms sort them, slowly for thousands. */
export function isStreamSafe(text: string): boolean {
  return !/\p{M}{31}/u.test(text);
}

/** Extended grapheme clusters (UAX #29). */
export function countGraphemes(text: string): number {
  if (SINGLE.test(text)) return text.length;
  let count = 0;
  for (const _ of SEGMENTER.segment(text)) count += 1;
  return count;
}
