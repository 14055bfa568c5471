/** Of a list of some secrets in all their forms, about a thirtieth of the places: a bit for each. */
const PLACES = 1 << 18;
const BASE = 31;

/** Whether a piece of a text that begins there may stand in one of the forms; false is certain. */
export type MayHold = (text: string, at: number) => boolean;

/**
 * Remembers each piece of so many characters of the forms by its hash: to look for one in all of them costs
 * a hundred times as much, and nearly every piece of a text stands in none.
 */
export function indexWindows(forms: readonly string[], length: number): MayHold {
  const seen = new Uint32Array(PLACES / 32);
  const highest = power(length - 1);
  for (const form of forms) {
    if (form.length < length) continue;
    // From one piece to the next a character goes and another comes (Rabin and Karp).
    let hash = hashOf(form, 0, length);
    remember(seen, hash);
    for (let at = 1; at + length <= form.length; at += 1) {
      const without = (hash - Math.imul(form.charCodeAt(at - 1), highest)) | 0;
      hash = (Math.imul(without, BASE) + form.charCodeAt(at + length - 1)) | 0;
      remember(seen, hash);
    }
  }
  return (text, at) => isRemembered(seen, hashOf(text, at, length));
}

function remember(seen: Uint32Array, hash: number): void {
  const place = placeOf(hash);
  seen[place >>> 5] = (seen[place >>> 5] ?? 0) | (1 << (place & 31));
}

function isRemembered(seen: Uint32Array, hash: number): boolean {
  const place = placeOf(hash);
  return (((seen[place >>> 5] ?? 0) >>> (place & 31)) & 1) === 1;
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
