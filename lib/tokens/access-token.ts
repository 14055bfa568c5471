import "server-only";
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { type Actor, requirePermission } from "@/lib/actor";
import { MINUTE_MS, SECOND_MS } from "@/lib/clock";
import { SealError } from "@/lib/crypto";
import { AppError } from "@/lib/errors";
import { findRemedy } from "@/lib/remedies/catalogue";
import { refreshClaimed } from "./refresh";
import { claimOne, findToken, openAccessToken, type StoredToken } from "./store";

/** What is handed out lives at least this long, or is renewed first. */
const MIN_REMAINING_MS = 5 * MINUTE_MS;
/** How long to wait for another process that renews the same token. */
const WAIT_FOR_OTHER_MS = 20 * SECOND_MS;

export type AccessToken = {
  accessToken: string;
  expiresAt: Date;
  /** The SASL user, the From address and the cloud whose hosts the token is good for. */
  username: string;
  emailAddress: string;
  cloud: string;
};

/**
 * The only way to a token. A valid one is opened from its row without MSAL; a stale one is renewed,
 * once, however many ask: the lease in the row makes the others wait for its result.
 *
 * @throws AppError not_found, conflict (a password account), interaction_required (nobody is signed
 *   in under this name, or must again), locked, temporarily_unavailable; each with its remedy
 */
export async function getAccessToken(actor: Actor, emailAccountId: string): Promise<AccessToken> {
  if (!actor.permissions.has("accounts:test")) requirePermission(actor, "tokens:read");
  const deadline = Date.now() + WAIT_FOR_OTHER_MS;
  for (;;) {
    const stored = requireModern(await findToken(emailAccountId));
    if (isFresh(stored)) return handOut(stored);
    const claim = await claimOne(`web-${randomUUID()}`, stored.authorizationId);
    if (claim) return renew(claim, emailAccountId);
    if (Date.now() > deadline) throw failed("postkey.identity_platform_unreachable");
    await sleep(100);
  }
}

async function renew(
  claim: NonNullable<Awaited<ReturnType<typeof claimOne>>>,
  emailAccountId: string,
): Promise<AccessToken> {
  await refreshClaimed(claim);
  const stored = requireModern(await findToken(emailAccountId));
  // A token in its last minutes is still better than none while the platform does not answer.
  if (stored.accessTokenExpiresAt.getTime() > Date.now()) return handOut(stored);
  throw failed(stored.failureId ?? "postkey.unexpected", stored.state);
}

type ModernToken = StoredToken & {
  cloud: string;
  authorizationId: string;
  accessTokenSealed: string;
  accessTokenExpiresAt: Date;
  state: string;
};

function requireModern(stored: StoredToken | null): ModernToken {
  if (!stored) throw new AppError("not_found", "This email account no longer exists.");
  if (!stored.modernAuthentication)
    throw new AppError("conflict", "This account signs in with a password: it has no token.");
  const { cloud, authorizationId, accessTokenSealed, accessTokenExpiresAt, state } = stored;
  if (cloud === null) throw failed("postkey.provider_missing");
  if (!authorizationId || !accessTokenSealed || !accessTokenExpiresAt || state === null)
    throw failed("postkey.not_signed_in", "sign_in_again");
  return { ...stored, cloud, authorizationId, accessTokenSealed, accessTokenExpiresAt, state };
}

function isFresh({ accessTokenExpiresAt }: ModernToken): boolean {
  return accessTokenExpiresAt.getTime() - Date.now() > MIN_REMAINING_MS;
}

function handOut(stored: ModernToken): AccessToken {
  const { authorizationId, accessTokenSealed, accessTokenExpiresAt } = stored;
  try {
    return {
      accessToken: openAccessToken(authorizationId, accessTokenSealed),
      expiresAt: accessTokenExpiresAt,
      username: stored.username,
      emailAddress: stored.emailAddress,
      cloud: stored.cloud,
    };
  } catch (error) {
    if (error instanceof SealError) throw failed("postkey.locked", "locked");
    throw error;
  }
}

function failed(remedyId: string, state = "retrying"): AppError {
  const code = CODE_BY_STATE[state] ?? "temporarily_unavailable";
  return new AppError(code, findRemedy(remedyId).title, { remedyId });
}

const CODE_BY_STATE = {
  sign_in_again: "interaction_required",
  fix_registration: "invalid_client",
  locked: "locked",
} as const as Readonly<Record<string, "interaction_required" | "invalid_client" | "locked">>;
