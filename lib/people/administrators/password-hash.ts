import "server-only";
import { randomBytes, scrypt, timingSafeEqual } from "node:crypto";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";
import { emailKey } from "@/lib/kernel/text/normalize";

/**
 * scrypt with N=2^17, r=8, p=1 (OWASP ASVS 5.0, 11.4.2): 128 MiB and a third of a second each, so
 * hashing takes turns. `scrypt$17$8$1$<salt>$<hash>`, base64url.
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
  const hash = await inTurn("known", () => derive(password, salt));
  const parameters = [log2N(), BLOCK_SIZE, PARALLELIZATION].join("$");
  return `scrypt$${parameters}$${salt.toString("base64url")}$${hash.toString("base64url")}`;
}

/** Only for callers that have a turn. @param stored null for an unknown account: it costs the same time */
export async function verifyPassword(password: string, stored: string | null): Promise<boolean> {
  const [, , , , salt = "", hash = ""] = (stored ?? "").split("$");
  const actual = await derive(password, Buffer.from(salt, "base64url"));
  const expected = Buffer.from(hash, "base64url");
  return expected.length === KEY_BYTES && timingSafeEqual(actual, expected);
}

const AT_ONCE = 2;
/** Who waits longer than a few seconds has gone, and would only keep others waiting. */
const MAX_WAITING = 16;

/** “known”: a browser in which someone signed in before, and what has a link of its own. */
type Hasher = "known" | "stranger";

const turns = () =>
  singleton("hash-turns", () => ({
    running: { known: 0, stranger: 0 },
    waiting: { known: [] as (() => void)[], stranger: [] as (() => void)[] },
  }));

/** Known ones go first, and strangers have one turn at a time. @throws AppError too_many_requests */
export async function inTurn<T>(who: Hasher, work: () => Promise<T>): Promise<T> {
  requirePlace(who);
  const { running, waiting } = turns();
  await new Promise<void>((go) => {
    waiting[who].push(go);
    startNext();
  });
  try {
    return await work();
  } finally {
    running[who] -= 1;
    startNext();
  }
}

export function requirePlace(who: Hasher): void {
  if (turns().waiting[who].length < MAX_WAITING) return;
  throw new AppError(
    "too_many_requests",
    "Too many people are signing in at the moment. Try again in a few seconds.",
    { retryAfterSeconds: 2 },
  );
}

function startNext(): void {
  const { running, waiting } = turns();
  if (running.known + running.stranger >= AT_ONCE) return;
  const who = waiting.known.length > 0 ? "known" : "stranger";
  if (who === "stranger" && running.stranger > 0) return;
  const go = waiting[who].shift();
  if (!go) return;
  running[who] += 1;
  go();
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

/** NIST SP 800-63B-4 §3.1.1.2: nothing that is known of the person. @throws AppError unprocessable */
export function requireNoAddress(password: string, email: string): void {
  if (password.toLowerCase().includes(emailKey(email)))
    throw fieldError("password", "Choose a password that does not contain your email address.");
}

/** Who knows an earlier one would be in again. @throws AppError unprocessable on `password` */
export async function hashNewPassword(password: string, stored: readonly string[]) {
  for (const hash of stored)
    if (await inTurn("known", () => verifyPassword(password, hash)))
      throw fieldError("password", "Choose a password that differs from earlier ones.");
  return hashPassword(password);
}
