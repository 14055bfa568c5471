import "server-only";
import type { Actor } from "@/lib/kernel/actor";
import { SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { requirePerson } from "@/lib/kernel/oneself";
import type { Redeemed } from "@/lib/oauth/openid/exchange";
import { CLOCKS_APART_S } from "@/lib/oauth/openid/verify";
import { refusedBy } from "@/lib/remedies/app-error";
import { markProven } from "../factors/store";
import { requireOwnPeople, somebodyOf } from "./claims";
import { findIdentity } from "./identities/store";
import { type Company, requireUnchangedCompany } from "./store";

/** What signed in just before its token was issued is old by our clock alone. */
function whyOld(signedInAt: number, { iat }: Redeemed["claims"]): "clock_wrong" | "auth_time_old" {
  const isFresh = typeof iat === "number" && iat - signedInAt < CLOCKS_APART_S;
  return isFresh && iat < nowS() - CLOCKS_APART_S ? "clock_wrong" : "auth_time_old";
}

const nowS = () => wallTime().getTime() / SECOND_MS;

type Shown = {
  company: Company;
  redeemed: Redeemed;
  /** In seconds. */
  askedAt: number;
};

/**
 * A browser that is signed in there proves nothing: the company has to say when the person last did (`auth_time`,
 * OpenID Connect Core §3.1.3.7 rule 13).
 */
export async function proveAtCompany(
  actor: Actor,
  { company, redeemed, askedAt }: Shown,
): Promise<void> {
  const sessionId = requirePerson(actor);
  const { claims } = redeemed;
  requireOwnPeople(claims, company);
  const identity = await findIdentity(somebodyOf(claims));
  if (identity?.administratorId !== actor.id)
    throw refusedBy("company.person_differs", "access_denied");
  const { auth_time: signedInAt } = claims;
  if (typeof signedInAt !== "number") throw refusedBy("company.auth_time_missing", "access_denied");
  if (signedInAt < askedAt - CLOCKS_APART_S)
    throw refusedBy(`company.${whyOld(signedInAt, claims)}`, "access_denied");
  await requireUnchangedCompany(company);
  await markProven(sessionId, { twoFactors: false, signedInAt });
}
