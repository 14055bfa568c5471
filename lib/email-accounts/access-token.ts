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
import { LEFT_WHEN_DUE_MS } from "@/lib/sign-ins/tokens/store";
import {
  type AccessToken,
  failed,
  handOut,
  isTest,
  type TestPurpose,
  type TokenPurpose,
} from "./access-token-in-row";

/** Tokens with less left, and due, are renewed first. */
export const MIN_REMAINING_MS = 5 * MINUTE_MS;
/** A session ends with its token: clients should not return every few minutes. */
const MIN_OF_SESSION_MS = 30 * MINUTE_MS;
/** For another process that renews the same token. */
export const WAIT_FOR_OTHER_MS = 20 * SECOND_MS;

const NEEDED: Readonly<Record<TokenPurpose, Permission>> = {
  hand_out: "tokens:read",
  read: "mail:read",
  send: "mail:send",
  session: "mail:read",
  test: "accounts:test",
  test_fresh: "accounts:test",
};

/**
 * The only way to a token: from its row or, if stale, from one renewal that all others wait for.
 * @throws AppError with its remedy
 * @permission tokens:read to hand it out; NEEDED has the others.
 */
export async function getAccessToken(
  actor: Actor,
  emailAccountId: string,
  asked: TokenPurpose | TestAsked,
): Promise<AccessToken> {
  const asking = typeof asked === "string" ? { purpose: asked } : asked;
  requirePermissionOnAccounts(actor, NEEDED[asking.purpose]);
  return obtain(actor, () => findFor(actor, emailAccountId, asking.purpose), asking);
}

/**
 * What every way to a token of an account begins with. @throws AppError
 * @permission tokens:read to hand it out; NEEDED has the others.
 */
export async function findReached(actor: Actor, emailAccountId: string, purpose: TokenPurpose) {
  requirePermissionOnAccounts(actor, NEEDED[purpose]);
  return requireModern(actor, await findFor(actor, emailAccountId, purpose));
}

async function findFor(actor: Actor, emailAccountId: string, purpose: TokenPurpose) {
  const stored = await findToken(emailAccountId);
  if (purpose === "hand_out") await requireWithinReach(actor, stored);
  return stored;
}

/**
 * For an account as it would be after a move.
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
   * Platform answers since then count as fresh: a run asks once for accounts that share a sign-in.
   * By default, since the test looked first.
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
    // If another was faster, or the former secret is in use again, the row decides.
    if (result && result !== "superseded")
      return afterRenewal(requireModern(actor, await find()), purpose, result);
    if (elapsed() > deadline) return afterRenewal(stored, purpose, "unanswered");
    await sleep(100);
  }
}

/** Another process's answer is as fresh as one's own. */
function fromAnswer(stored: ModernToken, purpose: TokenPurpose, since: Date): AccessToken | null {
  const answer = answerSince(stored, since);
  if (answer === "refused" && isTest(purpose)) return afterRenewal(stored, purpose, answer);
  const isGood = answer === "renewed" || !isRenewedFirst(stored, purpose);
  const token = isGood ? fromRow(stored, purpose) : null;
  return token && { ...token, isFresh: answer === "renewed" };
}

/** Null: not asked, or unclear. */
function answerSince(stored: ModernToken, since: Date): "renewed" | "refused" | null {
  const isSince = (at: Date | null) => at !== null && at >= since;
  if (isOut(stored) && isSince(stored.failedAt)) return "refused";
  return isSince(stored.refreshedAt) ? "renewed" : null;
}

/** A failed renewal leaves the last token, unless a fresh one was asked for. */
function afterRenewal(stored: ModernToken, purpose: TokenPurpose, result: RefreshResult) {
  const isFresh = result === "renewed";
  const otherwise = result === "unanswered" ? UNREACHABLE : "postkey.unexpected";
  if (isFresh || purpose !== "test_fresh")
    return { ...handOutLast(stored, purpose, otherwise), isFresh };
  throw failed(stored.failureId ?? otherwise, stored.state, stored.restMs);
}

export const UNREACHABLE = "postkey.identity_platform_unreachable";

/** Null: renew first. */
function fromRow(stored: ModernToken, purpose: TokenPurpose): AccessToken | null {
  if (!isTest(purpose)) requireActive(stored);
  const token = isFresh(stored, purpose) ? handOut(stored, purpose) : null;
  if (token) return token;
  return !isTest(purpose) && isWaiting(stored) ? handOutLast(stored, purpose) : null;
}

/** @returns null: another process has the row, or was faster */
async function renewHere(stored: ModernToken): Promise<RefreshResult | null> {
  const claim = await claimOne(`web-${randomUUID()}`, stored);
  return claim && refreshClaimed(claim);
}

export function requireActive({ accountActive }: ModernToken): void {
  if (!accountActive) throw refusedBy("postkey.account_inactive", "conflict");
}

/** A test checks a repair even while the last token works. */
function isRenewedFirst(stored: ModernToken, purpose: TokenPurpose): boolean {
  return purpose === "test_fresh" || (purpose === "test" && isOut(stored));
}

/** A person must act before the next renewal. */
function isOut({ state }: ModernToken): boolean {
  return state === "sign_in_again" || state === "fix_registration";
}

/** The platform is not asked before it is due. */
function isWaiting({ state, restMs }: ModernToken): boolean {
  const isFailed = state !== "connected" && state !== "locked";
  return isFailed && restMs > 0;
}

/** A token in its last minutes beats none while the platform is down. */
function handOutLast(stored: ModernToken, purpose: TokenPurpose, otherwise = "postkey.unexpected") {
  const token = stored.lifeMs > 0 ? handOut(stored, purpose) : null;
  if (token) return token;
  throw failed(stored.failureId ?? otherwise, stored.state, stored.restMs);
}

/** For keys limited to some accounts: no token that opens others, nor links that open Postkey. */
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

/** Short-lived tokens are good until renewal is due, or every caller would renew them. */
function isFresh(stored: ModernToken, purpose: TokenPurpose): boolean {
  const { lifeMs, restMs, state } = stored;
  if (lifeMs > (purpose === "session" ? MIN_OF_SESSION_MS : MIN_REMAINING_MS)) return true;
  const isNotDue = state === "connected" && restMs > 0 && lifeMs > 0;
  return isNotDue && (purpose !== "session" || stored.lifeMs - stored.restMs < LEFT_WHEN_DUE_MS);
}
