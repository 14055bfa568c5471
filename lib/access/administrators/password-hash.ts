import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { singleton } from "@/lib/kernel/singleton";
import { inTurn } from "./hash-turns";

/**
 * scrypt with N=2^17, r=8, p=1 (OWASP ASVS 5.0, 11.4.2): 128 MiB and a third of a second each, so
 * hashing takes turns (hash-turns.ts). `scrypt$17$8$1$<salt>$<hash>`, base64url.
 */
const LOG2_N = 17;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 1;
const KEY_BYTES = 32;

/** Nothing outside the process can set it. Tests do: they hash hundreds of passwords. */
const log2N = () => singleton("password-hash-cost", () => LOG2_N);

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  // A person who chooses a password has a link that was created for them.
  const hash = await inTurn({ name: "new password", isKnown: true }, () => derive(password, salt));
  const parameters = [log2N(), BLOCK_SIZE, PARALLELIZATION].join("$");
  return `scrypt$${parameters}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/**
 * Only for callers that have a turn.
 * @param stored null for an unknown account: it costs the same time, and the answer is no
 */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , , salt = "", hash = ""] = (stored ?? "").split("$");
  const actual = await derive(password, Buffer.from(salt, "base64url"));
  const expected = Buffer.from(hash, "base64url");
  return expected.length === KEY_BYTES && timingSafeEqual(actual, expected);
}

/** The same to the hash, however the keyboard composed it. */
export function isSamePassword(one: string, other: string): boolean {
  return normalized(one) === normalized(other);
}

function normalized(password: string): string {
  return password.normalize("NFC");
}

function derive(password: string, salt: Buffer): Promise<Buffer> {
  const options = { N: 1 << log2N(), r: BLOCK_SIZE, p: PARALLELIZATION, maxmem: 256 * 1024 * 1024 };
  return new Promise((done, fail) => {
    scrypt(normalized(password), salt, KEY_BYTES, options, (error, key) =>
      error ? fail(error) : done(key),
    );
  });
}
