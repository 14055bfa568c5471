/** Of a list of some secrets in all their forms, about a tenth of the places. */
const PLACES = 1 << 17;
const BASE = 31;

/** Whether a piece of a text that begins there may stand in one of the forms; false is certain. */
export type MayHold = (text: string, at: number) => boolean;

/**
 * Remembers each piece of so many characters of the forms by its hash: to look for one in all of them costs
 * a hundred times as much, and nearly every piece of a text stands in none.
 */
export function indexWindows(forms: readonly string[], length: number): MayHold {
  const seen = new Uint8Array(PLACES);
  const highest = power(length - 1);
  for (const form of forms) {
    if (form.length < length) continue;
    // From one piece to the next a character goes and another comes (Rabin and Karp).
    let hash = hashOf(form, 0, length);
    seen[placeOf(hash)] = 1;
    for (let at = 1; at + length <= form.length; at += 1) {
      const without = (hash - Math.imul(form.charCodeAt(at - 1), highest)) | 0;
      hash = (Math.imul(without, BASE) + form.charCodeAt(at + length - 1)) | 0;
      seen[placeOf(hash)] = 1;
    }
  }
  return (text, at) => seen[placeOf(hashOf(text, at, length))] === 1;
}

function hashOf(text: string, at: number, length: number): number {
  let hash = 0;
  for (let index = at; index < at + length; index += 1)
    hash = (Math.imul(hash, BASE) + text.charCodeAt(index)) | 0;
  return hash;
}

function power(exponent: number): number {
  let product = 1;
  for (let times = 0; times < exponent; times += 1) product = Math.imul(product, BASE);
  return product;
}

function placeOf(hash: number): number {
  return (hash ^ (hash >>> 15)) & (PLACES - 1);
}
