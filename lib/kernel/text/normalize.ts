/** How texts are compared: the form that unique columns hold. */

/** NFKC, one space between words, folded: `Ａbc  D` and `abc d` are the same name. */
export function nameKey(text: string): string {
  return askable(text).normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
}

/** PostgreSQL refuses a text with NUL, so that none is stored, and a search for one finds nothing. */
function askable(text: string): string {
  return text.replaceAll("\0", "\ufffd");
}

/** NFKC and folded; the domain as A-labels (RFC 5891). Only for addresses that passed the schema. */
export function emailKey(address: string): string {
  return canonicalEmail(address).toLowerCase();
}

/** NFKC, with the domain as A-labels in lower case; the local part keeps its case. */
export function canonicalEmail(address: string): string {
  const text = askable(address).normalize("NFKC").trim();
  const at = text.lastIndexOf("@");
  if (at < 1) return text;
  const domain = asciiDomain(text.slice(at + 1));
  // What is no address, as some user names are, stays what it is.
  return domain ? `${text.slice(0, at)}@${domain}` : text;
}

/**
 * The domain as the URL parser writes it; empty when it is no domain. What the parser would cut off,
 * remove or decode is refused before it: a domain must not become another one.
 */
export function asciiDomain(domain: string): string {
  if (/[\s\p{Cc}/\\?#:@%[\]]/u.test(domain)) return "";
  try {
    return new URL(`http://${domain}`).hostname;
  } catch {
    return "";
  }
}

/** An origin as it is compared and built upon: a preset of an operator may end with slashes. */
export function withoutEndSlashes(origin: string): string {
  return origin.replace(/(?<!\/)\/+$/, "");
}

/** Making one costs a hundred times as much as using it for a name. */
const SEGMENTER = new Intl.Segmenter();
/** Latin, Greek and Cyrillic without what combines. */
const SINGLE = /^[ -~\u00a0-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f]*$/;

/**
 * No letter has more than 30 marks (Unicode “Stream-Safe Text Format”, UAX #15 §13): to sort a few thousand of
 * them, as normal forms do, takes as long as thousands of ordinary names.
 */
export function isStreamSafe(text: string): boolean {
  return !/\p{M}{31}/u.test(text);
}

/** Characters as a person counts them (Unicode extended grapheme clusters, UAX #29). */
export function countGraphemes(text: string): number {
  // What has no marks, joiners or surrogates in it has as many as it has units.
  if (SINGLE.test(text)) return text.length;
  let count = 0;
  for (const _ of SEGMENTER.segment(text)) count += 1;
  return count;
}
