import { type Actor, requirePermissionOnAccounts } from "@/lib/kernel/actor";
import type { Candidate } from "@/lib/sign-ins/identities";
import { findCandidateToken, findToken, hasToken } from "@/lib/sign-ins/tokens/of-account/store";
import { expireToken, openAccessToken } from "@/lib/sign-ins/tokens/store";

type UsedToken = { emailAccountId: string; candidate?: Candidate | undefined; accessToken: string };

/** For a token that mail servers call expired. One renewed meanwhile stays. */
export async function dropExpired(actor: Actor, used: UsedToken): Promise<void> {
  requirePermissionOnAccounts(actor, "accounts:test");
  const { emailAccountId, candidate, accessToken } = used;
  const find = candidate ? findCandidateToken(candidate) : findToken(emailAccountId);
  const stored = await find;
  if (!stored || !hasToken(stored) || openAccessToken(stored) !== accessToken) return;
  await expireToken(stored.authorizationId, stored.accessTokenSealed);
}
