import { requireUnlocked } from "@/lib/installation/keys/store";
import { type Actor, requirePermission, requireRecentProof } from "@/lib/kernel/actor";
import { SECOND_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { AppError } from "@/lib/kernel/errors";
import { requireOneself, requirePerson } from "@/lib/kernel/oneself";
import { forgetProvider } from "@/lib/oauth/openid/keys";
import { findMetadata, type Metadata } from "@/lib/oauth/openid/metadata";
import { refusedBy } from "@/lib/remedies/app-error";
import { findOpenLink } from "../links/store";
import { countAnswer } from "../throttles/store";
import { type Company, findCompany } from "./store";

export type Purpose =
  | { for: "sign_in" }
  | { for: "test"; sessionId: string }
  | { for: "link"; sessionId: string }
  | Proving
  | { for: "invitation"; tokenHash: string };

/** A person confirms their identity again. @param askedAt when they were sent away, in seconds */
export type Proving = { for: "proof"; sessionId: string; askedAt: number };

export type Round = { company: Company; purpose: Purpose; metadata: Metadata };

/** Asked before a browser is sent away, and again when it comes back. @throws AppError, OpenIdFailure */
export async function openRound(slug: string, purpose: Purpose, actor: Actor | null) {
  const company = await findCompany({ slug });
  if (!company) throw refusedBy("company.unknown", "not_found");
  await requirePurpose(purpose, actor);
  if (!company.enabled && purpose.for !== "test")
    throw refusedBy("company.switched_off", "conflict");
  return { company, purpose, metadata: await findMetadata(company.issuer) };
}

/** A test asks everything again: a mistake may have been corrected. */
export async function forgetCompany(slug: string): Promise<void> {
  const company = await findCompany({ slug });
  if (company) forgetProvider(company.issuer);
}

/** Only the session that began it may end it. */
async function requirePurpose(purpose: Purpose, actor: Actor | null): Promise<void> {
  if (purpose.for === "sign_in") return;
  if (purpose.for === "invitation") {
    await requireUnlocked();
    if (!(await findOpenLink(purpose.tokenHash))) throw refusedBy("company.link_void", "not_found");
    return;
  }
  if (!actor || actor.sessionId !== purpose.sessionId)
    throw refusedBy("company.not_completed", "access_denied");
  if (purpose.for === "test") requirePermission(actor, "administrators:write");
  else if (purpose.for === "proof") requirePerson(actor);
  else requireMayLink(actor);
}

/** It admits the person without a second factor of ours, so the session must lack nothing. */
function requireMayLink(actor: Actor): void {
  if (actor.restrictedBecause) throw refusedBy("company.factor_first", "access_denied");
  requireOneself(actor);
  requireRecentProof(actor);
}

export function invitationPurpose(token: string): Purpose {
  return { for: "invitation", tokenHash: hashToken(token) };
}

/** A code is of no use in another round (PKCE). @returns what takes it back */
export async function countReturn(address: string | undefined, roundId: string) {
  return countAnswer("company", { address, begun: roundId }).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.retryAfterSeconds === undefined) throw error;
    throw refusedBy("company.too_many", error.code, error.retryAfterSeconds * SECOND_MS);
  });
}
