import { MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { networkOf } from "@/lib/kernel/networks";
import { emailKey } from "@/lib/kernel/text/normalize";
import { requirePasswordAllowed } from "../company/store";
import { createPending, findSecondStep } from "../factors/store";
import { passkeyHost } from "../passkeys/queries";
import { clearThrottles, countAttempt, refundAttempt, type Throttle } from "../throttles/store";
import { browserIdOf } from "./browsers";
import { inTurn, requirePlace, verifyPassword } from "./password-hash";
import { credentialsSchema } from "./schema";
import { type From as CameFrom, openSession, recordRefusal, withAudit } from "./sessions";
import { type AdministratorIdentity, findCredentials, requireUnchanged } from "./store";

/** @param browser the cookie of a browser in which someone signed in before */
export type From = CameFrom & { browser?: string | undefined };

type Credentials = AdministratorIdentity & { passwordHash: string | null };

export type PasswordSignIn =
  | { kind: "session"; sessionId: string }
  | { kind: "second_factor"; token: string };

/**
 * @throws AppError unauthenticated, the same for an unknown account and a wrong password; too_many_requests
 */
export async function signIn(input: unknown, from: From): Promise<PasswordSignIn> {
  const parsed = credentialsSchema.safeParse(input);
  if (!parsed.success) throw refused();
  const { own, account, isRight } = await prove(parsed.data, from);
  if (!account || !isRight) return refuse(account, from);
  await clearThrottles([own.subject]);
  await requirePasswordAllowed(account, "password");
  return proceed(account, from);
}

/** After the right password. What was changed since it was compared decides, such as another password. */
function proceed(account: Credentials, from: From): Promise<PasswordSignIn> {
  return withAudit(async (tx, isAudited) => {
    await requireUnchanged(tx, account);
    const step = await findSecondStep(account.id, passkeyHost().rpId, tx);
    if (step.hasAuthenticator)
      return { kind: "second_factor", token: await createPending(account.id, tx) };
    // Who knows the password alone must not be able to add a factor of their own.
    if (step.needsPasskey)
      throw new AppError(
        "unauthenticated",
        "Your role needs a second factor. Sign in with your passkey instead.",
      );
    const begun = { method: "password" } as const;
    const sessionId = await openSession(tx, { person: account, from, begun, isAudited });
    return { kind: "session", sessionId };
  });
}

/** Counted as a sign-in: who found an open browser guesses no faster. @throws AppError too_many_requests */
export async function isPasswordOf(credentials: { email: string; password: string }, from: From) {
  const { own, isRight } = await prove(credentials, from);
  if (isRight) await clearThrottles([own.subject]);
  return isRight;
}

async function prove(credentials: { email: string; password: string }, from: From) {
  const email = emailKey(credentials.email);
  const { own, all, who } = countedFor(email, from);
  requirePlace(who);
  const attempt = await countAttempt(all);
  const account = await findCredentials(email);
  const opens = await inTurn(who, () =>
    verifyPassword(credentials.password, account?.passwordHash ?? null),
  );
  const isRight = account !== null && opens;
  if (isRight) await refundAttempt(attempt);
  return { own, account, isRight };
}

/**
 * An account is slowed for one address long before it is slowed for all, so that a stranger does not lock its owner
 * out. Where addresses are unknown, all strangers share one: no wait is long then, and none covers all accounts.
 */
function countedFor(
  email: string,
  { address, browser }: From,
): { own: Throttle; all: Throttle[]; who: "known" | "stranger" } {
  const browserId = browserIdOf(browser, email);
  if (browserId !== null) {
    const own = { subject: `browser:${browserId}`, free: 5, maxWaitMs: 5 * MINUTE_MS };
    return { own, all: [own], who: "known" };
  }
  const network = address === undefined ? "direct" : networkOf(address);
  const maxWaitMs = address === undefined ? 15 * SECOND_MS : 5 * MINUTE_MS;
  const own: Throttle = { subject: `pair:${email}|${network}`, free: 5, maxWaitMs };
  const everybody = { subject: `account:${email}`, free: 100, maxWaitMs: 15 * SECOND_MS };
  const anyAccount = { subject: `address:${network}`, free: 30, maxWaitMs };
  const all = [own, everybody, ...(address === undefined ? [] : [anyAccount])];
  return { own, all, who: "stranger" };
}

async function refuse(account: AdministratorIdentity | null, from: From): Promise<never> {
  await recordRefusal(account, from);
  log.warn({ address: from.address }, "sign-in refused");
  throw refused();
}

function refused(): AppError {
  return new AppError("unauthenticated", "The email address or the password is wrong.");
}
