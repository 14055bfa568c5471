import "server-only";
import { createHmac } from "node:crypto";
import { deriveKeys, type Keyring } from "@/lib/kernel/crypto";

const PURPOSE = "postkey idempotency fingerprint";

/**
 * What distinguishes one request from another without showing its content: a body may hold a password, and a
 * person with a copy of the database must not be able to guess passwords until the fingerprint fits. So it
 * has a key that the database does not know: `<key id>.<HMAC-SHA256>`.
 */
export function fingerprintOf(keyring: Keyring, request: string): string {
  const { id } = keyring.current;
  return `${id}.${macOf(deriveKeys(keyring, PURPOSE).get(id) ?? "", request)}`;
}

/**
 * Whether a stored fingerprint may be of this request. Of one whose key is retired nothing is known: then
 * the program's own word, its `Idempotency-Key`, counts, so that nothing is done twice.
 */
export function mayBe(keyring: Keyring, stored: string, request: string): boolean {
  const [keyId = "", mac] = stored.split(".");
  const key = deriveKeys(keyring, PURPOSE).get(keyId);
  return key === undefined || mac === macOf(key, request);
}

function macOf(key: string, request: string): string {
  return createHmac("sha256", key).update(request).digest("base64url");
}
