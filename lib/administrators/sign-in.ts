import "server-only";
import { fromNow, MINUTE_MS, SECOND_MS } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { log } from "@/lib/log";
import { emailKey } from "@/lib/normalize";
import { verifyPassword } from "./password-hash";
import { credentialsSchema } from "./schema";
import { beginSession, recordRefusal } from "./sessions";
import { blockUntil, clearThrottles, countFailure, findCredentials, findThrottles } from "./store";

/**
 * Failures before waiting begins, and the longest wait. An account is slowed for one address long
 * before it is slowed for everybody, so that a stranger's attempts do not lock its owner out.
 */
const BUCKETS = {
  account_and_address: { free: 5, maxWaitMs: 5 * MINUTE_MS },
  address: { free: 30, maxWaitMs: 5 * MINUTE_MS },
  account: { free: 100, maxWaitMs: 15 * SECOND_MS },
} as const;

/** What `address` is where the network address is not known. */
export const DIRECT = "direct";

type Bucket = keyof typeof BUCKETS;

/**
 * @param input email and password as typed
 * @param address where the attempt comes from
 * @returns the id of a new session
 * @throws AppError unauthenticated, the same for an unknown account and a wrong password, or
 *   too_many_requests with the time to wait
 */
export async function signIn(input: unknown, address: string): Promise<string> {
  const parsed = credentialsSchema.safeParse(input);
  if (!parsed.success) throw refused();
  const email = emailKey(parsed.data.email);
  const subjects: Record<Bucket, string> = {
    account_and_address: `pair:${email}|${address}`,
    address: `address:${address}`,
    account: `account:${email}`,
  };
  await requireNoWait(Object.values(subjects));
  const from = address === DIRECT ? {} : { address };
  const account = await findCredentials(email);
  const isRight = await verifyPassword(parsed.data.password, account?.passwordHash ?? null);
  if (!account || !isRight) {
    await slowDown(subjects);
    await recordRefusal(account, from);
    log.warn({ address }, "sign-in refused");
    throw refused();
  }
  await clearThrottles([subjects.account_and_address]);
  return beginSession(account, from);
}

async function requireNoWait(subjects: string[]): Promise<void> {
  const throttles = await findThrottles(subjects);
  const until = Math.max(0, ...throttles.map((throttle) => throttle.blockedUntil.getTime()));
  const waitMs = until - Date.now();
  if (waitMs <= 0) return;
  throw new AppError(
    "too_many_requests",
    `Too many failed attempts. Try again in ${Math.ceil(waitMs / SECOND_MS)} seconds.`,
  );
}

async function slowDown(subjects: Record<Bucket, string>): Promise<void> {
  for (const bucket of Object.keys(BUCKETS) as Bucket[]) {
    const { free, maxWaitMs } = BUCKETS[bucket];
    const excess = (await countFailure(subjects[bucket])) - free;
    if (excess < 0) continue;
    await blockUntil(subjects[bucket], fromNow(Math.min(2 ** excess * SECOND_MS, maxWaitMs)));
  }
}

function refused(): AppError {
  return new AppError("unauthenticated", "The email address or the password is wrong.");
}
