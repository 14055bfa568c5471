/** How texts are compared: the form that unique columns hold. */

/** NFKC, one space between words, folded: `Ａbc  D` and `abc d` are the same name. */
export function nameKey(text: string): string {
  return text.normalize("NFKC").trim().replace(/\s+/gu, " ").toLowerCase();
}

/** NFKC and folded; the domain as A-labels (RFC 5891). Only for addresses that passed the schema. */
export function emailKey(address: string): string {
  return canonicalEmail(address).toLowerCase();
}

/** NFKC, with the domain as A-labels in lower case; the local part keeps its case. */
export function canonicalEmail(address: string): string {
  const text = address.normalize("NFKC").trim();
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

/** Characters as a person counts them (Unicode extended grapheme clusters, UAX #29). */
export function countGraphemes(text: string): number {
  let count = 0;
  for (const _ of new Intl.Segmenter().segment(text)) count += 1;
  return count;
}
