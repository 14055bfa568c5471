import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import {
  type Actor,
  type Permission,
  reaches,
  requirePermission,
  requirePermissionOnAccounts,
} from "@/lib/kernel/actor";
import { elapsed, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { holdsLinks } from "@/lib/letters/mailboxes/queries";
import { refusedBy } from "@/lib/remedies/app-error";
import { type Candidate, identitiesOf } from "@/lib/sign-ins/identities";
import { claimOne } from "@/lib/sign-ins/tokens/leases/store";
import {
  findCandidateToken,
  findToken,
  hasToken,
  type ModernToken,
  type StoredToken,
} from "@/lib/sign-ins/tokens/of-account/store";
import { type RefreshResult, refreshClaimed } from "@/lib/sign-ins/tokens/refresh";
import { LEFT_WHEN_DUE_MS } from "@/lib/sign-ins/tokens/schedule";
import {
  type AccessToken,
  failed,
  handOut,
  isTest,
  type TestPurpose,
  type TokenPurpose,
} from "./access-token-in-row";

/** A token that is handed out lives at least this long, or is not due yet, or is renewed first. */
const MIN_REMAINING_MS = 5 * MINUTE_MS;
/** A session with a mail server ends with its token: clients must not have to come back every few minutes. */
const MIN_OF_SESSION_MS = 30 * MINUTE_MS;
/** How long to wait for another process that renews the same token. */
const WAIT_FOR_OTHER_MS = 20 * SECOND_MS;

const NEEDED: Readonly<Record<TokenPurpose, Permission>> = {
  hand_out: "tokens:read",
  read: "mail:read",
  send: "mail:send",
  session: "mail:read",
  test: "accounts:test",
  test_fresh: "accounts:test",
};

/**
 * The only way to a token. A valid one is opened from its row without MSAL; a stale one is renewed,
 * once, however many ask: the lease in the row makes the others wait for its result.
 *
 * @throws AppError not_found, conflict (a password account, or not active), interaction_required
 *   (no one is signed in under this name, or has to again), invalid_client, locked, access_denied (a token
 *   that opens more than a key for some accounts reaches), temporarily_unavailable; each with its remedy
 * @permission tokens:read to hand it out; NEEDED has the others.
 */
export async function getAccessToken(
  actor: Actor,
  emailAccountId: string,
  asked: TokenPurpose | TestAsked,
): Promise<AccessToken> {
  const asking = typeof asked === "string" ? { purpose: asked } : asked;
  const { purpose } = asking;
  requirePermissionOnAccounts(actor, NEEDED[purpose]);
  const find = async () => {
    const stored = await findToken(emailAccountId);
    if (purpose === "hand_out") await requireWithinReach(actor, stored);
    return stored;
  };
  return obtain(actor, find, asking);
}

/**
 * The token that an account would use if it were moved to a provider, for testing it before it is.
 * @throws AppError as getAccessToken
 * @permission accounts:test
 */
export async function getCandidateToken(
  actor: Actor,
  candidate: Candidate,
  asked: TestAsked = { purpose: "test" },
): Promise<AccessToken> {
  requirePermission(actor, NEEDED.test);
  return obtain(actor, () => findCandidateToken(candidate), asked);
}

export type TestAsked = Asked & { purpose: TestPurpose };

type Asked = {
  purpose: TokenPurpose;
  /**
   * Since when the platform's answer counts for a test as if it was asked now: many accounts can share one
   * sign-in, and a run asks for it once. Without it, since the test itself looked first.
   */
  answersSince?: Date | undefined;
};

async function obtain(
  actor: Actor,
  find: () => Promise<StoredToken | null>,
  { purpose, answersSince }: Asked,
): Promise<AccessToken> {
  const deadline = elapsed() + WAIT_FOR_OTHER_MS;
  for (let since = answersSince; ; ) {
    const stored = requireModern(actor, await find());
    since ??= stored.readAt;
    const token = fromAnswer(stored, purpose, since);
    if (token) return token;
    const result = await renewHere(stored);
    // Where another was faster, or the secret of before is back in use, the row says what to do next.
    if (result && result !== "superseded")
      return afterRenewal(requireModern(actor, await find()), purpose, result);
    if (elapsed() > deadline) return afterRenewal(stored, purpose, "unanswered");
    await sleep(100);
  }
}

/** What is there without asking: what another process asked meanwhile is as fresh as what is asked here. */
function fromAnswer(stored: ModernToken, purpose: TokenPurpose, since: Date): AccessToken | null {
  const answer = answerSince(stored, since);
  if (answer === "refused" && isTest(purpose)) return afterRenewal(stored, purpose, answer);
  const isGood = answer === "renewed" || !isRenewedFirst(stored, purpose);
  const token = isGood ? fromRow(stored, purpose) : null;
  return token && { ...token, isFresh: answer === "renewed" };
}

/** What the platform said of a sign-in since then; null where it was not asked, or could not say. */
function answerSince(stored: ModernToken, since: Date): "renewed" | "refused" | null {
  // Not what a clock wrote that runs ahead.
  const isSince = (at: Date | null) => at !== null && at >= since && at <= stored.readAt;
  if (isOut(stored) && isSince(stored.failedAt)) return "refused";
  return isSince(stored.refreshedAt) ? "renewed" : null;
}

/** What is there after it was tried to renew it: of a renewal that failed the last token, unless a fresh one was asked for. */
function afterRenewal(
  stored: ModernToken,
  purpose: TokenPurpose,
  result: RefreshResult,
): AccessToken {
  const isFresh = result === "renewed";
  const otherwise = result === "unanswered" ? UNREACHABLE : "postkey.unexpected";
  if (isFresh || purpose !== "test_fresh")
    return { ...handOutLast(stored, purpose, otherwise), isFresh };
  throw failed(stored.failureId ?? otherwise, stored.state, stored.restMs);
}

const UNREACHABLE = "postkey.identity_platform_unreachable";

/** The token from its row, or null when it has to be renewed first. */
function fromRow(stored: ModernToken, purpose: TokenPurpose): AccessToken | null {
  if (!isTest(purpose)) requireActive(stored);
  const token = isFresh(stored, purpose) ? handOut(stored, purpose) : null;
  if (token) return token;
  return !isTest(purpose) && isWaiting(stored) ? handOutLast(stored, purpose) : null;
}

/** @returns null when another process holds the row, or was faster */
async function renewHere(stored: ModernToken): Promise<RefreshResult | null> {
  const claim = await claimOne(`web-${randomUUID()}`, stored);
  return claim && refreshClaimed(claim);
}

function requireActive({ accountActive }: ModernToken): void {
  if (!accountActive) throw refusedBy("postkey.account_inactive", "conflict");
}

/** A test finds out whether what a person was to repair is repaired, although the last token may still work. */
function isRenewedFirst(stored: ModernToken, purpose: TokenPurpose): boolean {
  return purpose === "test_fresh" || (purpose === "test" && isOut(stored));
}

/** Whether a person has to do something before it is renewed again. */
function isOut({ state }: ModernToken): boolean {
  return state === "sign_in_again" || state === "fix_registration";
}

/** Whether a renewal failed and the next attempt is not due: the platform is not asked before. */
function isWaiting({ state, restMs }: ModernToken): boolean {
  const isFailed = state !== "connected" && state !== "locked";
  return isFailed && restMs > 0;
}

/** A token in its last minutes is still better than none while the platform does not answer. */
function handOutLast(
  stored: ModernToken,
  purpose: TokenPurpose,
  otherwise = "postkey.unexpected",
): AccessToken {
  const token = stored.lifeMs > 0 ? handOut(stored, purpose) : null;
  if (token) return token;
  throw failed(stored.failureId ?? otherwise, stored.state, stored.restMs);
}

/**
 * A key for some accounts gets a token only where it opens none but theirs, and no link that opens Postkey. Postkey
 * itself reads and sends with the others, for one account at a time.
 */
async function requireWithinReach(actor: Actor, stored: StoredToken | null): Promise<void> {
  if (!stored || !actor.accounts) return;
  const { emailAccountId, key, isAppOnly } = stored;
  if (!reaches(actor, { id: emailAccountId, key })) return;
  if (isAppOnly) throw refusedBy("postkey.app_only_token", "access_denied");
  if (identitiesOf(stored).isDelegate) throw refusedBy("postkey.delegate_token", "access_denied");
  if (await holdsLinks(emailAccountId))
    throw refusedBy("postkey.links_in_mailbox", "access_denied");
}

function requireModern(actor: Actor, stored: StoredToken | null): ModernToken {
  if (!stored || !reaches(actor, { id: stored.emailAccountId, key: stored.key }))
    throw new AppError("not_found", "This email account no longer exists.");
  if (!stored.modernAuthentication)
    throw new AppError("conflict", "This account signs in with a password, so it has no token.");
  if (stored.cloud === null) throw refusedBy("postkey.provider_missing", "conflict");
  if (!hasToken(stored))
    throw failed(
      stored.isAppOnly ? "postkey.not_connected" : "postkey.not_signed_in",
      "sign_in_again",
    );
  return stored;
}

/**
 * A token that lives shorter than the margin is good until its renewal is due, at half of its life:
 * otherwise each caller would renew it again, and never find it fresh.
 */
function isFresh(stored: ModernToken, purpose: TokenPurpose): boolean {
  const { lifeMs, restMs, state } = stored;
  if (lifeMs > (purpose === "session" ? MIN_OF_SESSION_MS : MIN_REMAINING_MS)) return true;
  const isNotDue = state === "connected" && restMs > 0 && lifeMs > 0;
  return isNotDue && (purpose !== "session" || isShortLived(stored));
}

function isShortLived({ lifeMs, restMs }: ModernToken): boolean {
  return lifeMs - restMs < LEFT_WHEN_DUE_MS;
}
