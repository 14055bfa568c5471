import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from "node:crypto";

/**
 * Envelopes for what the database must not be able to read: AES-256-GCM with a random 96-bit nonce
 * (NIST SP 800-38D) and the place of the value as associated data, so that a sealed value opens only
 * in the row and column that it was sealed for. `v1.<key id>.<nonce>.<ciphertext and tag>`, base64url.
 */
export type SealPlace = { table: string; id: string; column: string };

export type Keyring = { current: SealKey; byId: ReadonlyMap<string, SealKey> };
type SealKey = { id: string; bytes: Buffer };

/** The value cannot be opened: another key, another place, or changed bytes. */
export class SealError extends Error {
  override readonly name = "SealError";
}

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A fresh encryption key, in base64. */
export function newKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** @param encoded 32 bytes in base64 or hex; the first one seals, all of them open */
export function createKeyring(encoded: readonly string[]): Keyring {
  const keys = encoded.map(parseKey);
  const [current] = keys;
  if (!current) throw new SealError("No encryption key.");
  return { current, byId: new Map(keys.map((key) => [key.id, key])) };
}

export function seal(keyring: Keyring, place: SealPlace, plaintext: string): string {
  const { id, bytes } = keyring.current;
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv("aes-256-gcm", bytes, nonce);
  cipher.setAAD(associatedData(id, place));
  const sealed = Buffer.concat([
    cipher.update(plaintext, "utf8"),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return `v1.${id}.${nonce.toString("base64url")}.${sealed.toString("base64url")}`;
}

/** @throws SealError whenever the value is not exactly what was sealed for this place */
export function unseal(keyring: Keyring, place: SealPlace, envelope: string): string {
  const [version, keyId, nonce, sealed, ...rest] = envelope.split(".");
  if (version !== "v1" || !keyId || !nonce || !sealed || rest.length > 0)
    throw new SealError("Not an envelope.");
  const key = keyring.byId.get(keyId);
  if (!key) throw new SealError(`Sealed with another key (${keyId}).`);
  const [iv, bytes] = [decode(nonce), decode(sealed)];
  // Node takes a tag of four bytes for one too: cut short, a tag can be guessed.
  if (iv.length !== NONCE_BYTES || bytes.length < TAG_BYTES)
    throw new SealError("Not an envelope.");
  try {
    const decipher = createDecipheriv("aes-256-gcm", key.bytes, iv, { authTagLength: TAG_BYTES });
    decipher.setAAD(associatedData(keyId, place));
    decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
    const head = decipher.update(bytes.subarray(0, -TAG_BYTES));
    return Buffer.concat([head, decipher.final()]).toString("utf8");
  } catch (error) {
    throw new SealError("The sealed value was changed or moved.", { cause: error });
  }
}

/** Node passes over what is no base64url: an envelope has one spelling only. */
function decode(part: string): Buffer {
  const bytes = Buffer.from(part, "base64url");
  if (bytes.toString("base64url") !== part) throw new SealError("Not an envelope.");
  return bytes;
}

function associatedData(keyId: string, { table, id, column }: SealPlace): Buffer {
  return Buffer.from(["v1", keyId, table, id, column].join("\0"));
}

function parseKey(encoded: string): SealKey {
  const bytes = /^[0-9a-f]{64}$/i.test(encoded)
    ? Buffer.from(encoded, "hex")
    : Buffer.from(encoded, "base64");
  if (bytes.length !== KEY_BYTES)
    throw new SealError("The encryption key must be 32 bytes in base64 or hex.");
  return { id: createHash("sha256").update(bytes).digest("hex").slice(0, 8), bytes };
}

/** A key for another purpose, derived from the encryption key (RFC 5869). */
export function deriveKey(keyring: Keyring, purpose: string): string {
  return derive(keyring.current, purpose);
}

/** The same of every key of the ring, by its id: for what is compared with what an older one made. */
export function deriveKeys(keyring: Keyring, purpose: string): ReadonlyMap<string, string> {
  return new Map([...keyring.byId].map(([id, key]) => [id, derive(key, purpose)]));
}

function derive({ bytes }: SealKey, purpose: string): string {
  return Buffer.from(hkdfSync("sha256", bytes, "", purpose, 32)).toString("base64url");
}

/** 256 random bits, base64url: state, nonce, keys, links. */
export function randomToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What is stored instead of a random token. Not for passwords. */
export function hashToken(token: string): string {
  return createHash("sha256").update(token).digest("base64url");
}
