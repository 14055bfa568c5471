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
  return `${text.slice(0, at)}@${asciiDomain(text.slice(at + 1))}`;
}

/** The domain as the URL parser writes it; empty when it is no domain. */
export function asciiDomain(domain: string): string {
  try {
    const { hostname, host } = new URL(`http://${domain}`);
    return hostname === host ? hostname : "";
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
