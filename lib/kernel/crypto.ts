import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from "node:crypto";

/**
 * AES-256-GCM, random 96-bit nonce (NIST SP 800-38D), place and destination as associated data:
 * `v2.<key id>.<SHA-256 of the destination>.<nonce>.<ciphertext and tag>`, base64url.
 */
export type SealPlace = SealCell & {
  /** Everything that decides where and as whom it is sent; null: never sent. */
  destination: Destination | null;
};

export type SealCell = { table: string; id: string; column: string };

export type Destination = readonly (string | null)[];

export type Keyring = { current: SealKey; byId: ReadonlyMap<string, SealKey> };
type SealKey = { id: string; bytes: Buffer };

/** Another key, another place, or changed bytes. */
export class SealError extends Error {
  override readonly name = "SealError";
}

const VERSION = "v2";
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function newKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** @param encoded 32 bytes each, base64 or hex; the first seals, all open */
export function createKeyring(encoded: readonly string[]): Keyring {
  const keys = encoded.map(parseKey);
  const [current] = keys;
  if (!current) throw new SealError("No encryption key.");
  return { current, byId: new Map(keys.map((key) => [key.id, key])) };
}

export function seal(keyring: Keyring, place: SealPlace, plaintext: string): string {
  return encrypt(keyring, { cell: place, bound: boundTo(place.destination) }, plaintext);
}

/** @throws SealError unless it was sealed for exactly this place */
export function unseal(keyring: Keyring, place: SealPlace, envelope: string): string {
  const parsed = parse(envelope);
  if (parsed.bound !== boundTo(place.destination))
    throw new SealError("Sealed for another destination.");
  return decrypt(keyring, place, parsed);
}

/** For the same destination, whatever it is. @throws SealError */
export function reseal(keyring: Keyring, cell: SealCell, envelope: string): string {
  const parsed = parse(envelope);
  const { bound } = parsed;
  return encrypt(keyring, { cell, bound }, decrypt(keyring, cell, parsed));
}

export function isOpenable(keyring: Keyring, cell: SealCell, envelope: string): boolean {
  try {
    decrypt(keyring, cell, parse(envelope));
    return true;
  } catch (error) {
    if (error instanceof SealError) return false;
    throw error;
  }
}

export function sealedWith(keyId: string): string {
  return `${VERSION}.${keyId}.`;
}

type Bound = { cell: SealCell; bound: string };

function encrypt(keyring: Keyring, { cell, bound }: Bound, plaintext: string): string {
  const { id, bytes } = keyring.current;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce);
  cipher.setAAD(associatedData(cell, { keyId: id, bound }));
  const parts = [cipher.update(plaintext, "utf8"), cipher.final(), cipher.getAuthTag()];
  const sealed = Buffer.concat(parts).toString("base64url");
  return `${sealedWith(id)}${bound}.${nonce.toString("base64url")}.${sealed}`;
}

type Envelope = { keyId: string; bound: string; iv: Buffer; bytes: Buffer };

function parse(envelope: string): Envelope {
  const [version, keyId, bound, nonce, sealed, ...more] = envelope.split(".");
  if (version !== VERSION || !keyId || bound === undefined || !nonce || !sealed || more.length > 0)
    throw new SealError("Not an envelope.");
  const [iv, bytes] = [decode(nonce), decode(sealed)];
  // Node accepts tags of four bytes, which can be guessed.
  if (iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES)
    throw new SealError("Not an envelope.");
  return { keyId, bound, iv, bytes };
}

function decrypt(keyring: Keyring, cell: SealCell, { iv, bytes, ...sealed }: Envelope): string {
  const key = keyring.byId.get(sealed.keyId);
  if (!key) throw new SealError(`Sealed with another key (${sealed.keyId}).`);
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.bytes, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(cell, sealed));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const head = decipher.update(bytes.subarray(0, -TAG_BYTES));
    return Buffer.concat([head, decipher.final()]).toString("utf8");
  } catch (error) {
    throw new SealError("The sealed value was changed or moved.", { cause: error });
  }
}

/** Node skips characters outside base64url; an envelope has one spelling only. */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, "base64url");
  if (bytes.toString("base64url") !== part) throw new SealError("Not an envelope.");
  return bytes;
}

function boundTo(destination: Destination | null): string {
  return createHash("sha256").update(JSON.stringify(destination)).digest("base64url");
}

function associatedData(
  { table, id, column }: SealCell,
  { keyId, bound }: Pick<Envelope, "keyId" | "bound">,
): Buffer {
  const parts = [VERSION, keyId, table, id, column, bound];
  return Buffer.from(parts.join("\0"));
}

function parseKey(encoded: string): SealKey {
  const bytes = /^[0-9a-f]{64}$/i.test(encoded)
    ? Buffer.from(encoded, "hex")
    : Buffer.from(encoded, "base64");
  if (bytes.length !== KEY_BYTES)
    throw new SealError("The encryption key must be 32 bytes in base64 or hex.");
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), bytes };
}

/** HKDF (RFC 5869) of the encryption key. */
export function deriveKey(keyring: Keyring, purpose: string): string {
  return derive(keyring.current, purpose);
}

/** By key id, to compare with values of older keys. */
export function deriveKeys(keyring: Keyring, purpose: string): ReadonlyMap<string, string> {
  return new Map([...keyring.byId].map(([id, key]) => [id, derive(key, purpose)]));
}

function derive({ bytes }: SealKey, purpose: string): string {
  return Buffer.from(hkdfSync("sha256", bytes, "", purpose, 32)).toString("base64url");
}

type Signed = { keyring: Keyring; purpose: string; parts: readonly string[] };

/** Shows that Postkey wrote these parts, for this purpose. */
export function macOf({ keyring, purpose, parts }: Signed): string {
  return hmac(deriveKey(keyring, purpose), JSON.stringify(parts));
}

export function hmac(key: string, text: string): string {
  return createHmac("sha256", key).update(text).digest("base64url");
}

export function isMacOf(signed: Signed, mac: string): boolean {
  const expected = macOf(signed);
  if (mac.length !== expected.length) return false;
  return timingSafeEqual(Buffer.from(mac), Buffer.from(expected));
}

export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** For random tokens; not for passwords. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
