import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { singleton } from "@/lib/singleton";

/**
 * scrypt with N=2^17, r=8, p=1 (OWASP ASVS 5.0, 11.4.2): 128 MiB and a third of a second each, so no
 * more than two run at once and the rest wait. `scrypt$17$8$1$<salt>$<hash>`, base64url.
 */
const LOG2_N = 17;
const BLOCK_SIZE = 8;
const PARALLELIZATION = 1;
const KEY_BYTES = 32;
const MAX_AT_ONCE = 2;

export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(password, salt);
  const parameters = [LOG2_N, BLOCK_SIZE, PARALLELIZATION].join("$");
  return `scrypt$${parameters}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/** @param stored null for an unknown account: it costs the same time, and the answer is no */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , , salt = "", hash = ""] = (stored ?? "").split("$");
  const actual = await derive(password, Buffer.from(salt, "base64url"));
  const expected = Buffer.from(hash, "base64url");
  return expected.length === KEY_BYTES && timingSafeEqual(actual, expected);
}

async function derive(password: string, salt: Buffer): Promise<Buffer> {
  const release = await waitForTurn();
  const options = { N: 2 ** LOG2_N, r: BLOCK_SIZE, p: PARALLELIZATION, maxmem: 256 * 1024 * 1024 };
  try {
    return await new Promise((done, fail) => {
      scrypt(password.normalize("NFC"), salt, KEY_BYTES, options, (error, key) =>
        error ? fail(error) : done(key),
      );
    });
  } finally {
    release();
  }
}

type Queue = { running: number; waiting: (() => void)[] };

async function waitForTurn(): Promise<() => void> {
  const queue = singleton<Queue>("password-hash", () => ({ running: 0, waiting: [] }));
  if (queue.running >= MAX_AT_ONCE) await new Promise<void>((go) => queue.waiting.push(go));
  else queue.running += 1;
  return () => {
    const next = queue.waiting.shift();
    // The turn passes on without being given back, so that nobody overtakes.
    if (next) next();
    else queue.running -= 1;
  };
}
