import { DAY_MS, MINUTE_MS, SECOND_MS } from "@/lib/kernel/clock";
import { hashToken } from "@/lib/kernel/crypto";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { log } from "@/lib/kernel/log";
import { parseJson } from "@/lib/kernel/text/parse-json";
import type { Transaction } from "@/lib/kernel/transaction";
import { redeemRefreshToken } from "@/lib/oauth/openid/exchange";
import { OpenIdFailure } from "@/lib/oauth/openid/failure";
import { findMetadata } from "@/lib/oauth/openid/metadata";
import { verifyToken } from "@/lib/oauth/openid/verify";
import { findRemedy } from "@/lib/remedies/catalogue";
import { withAudit } from "../../administrators/sessions";
import { endForCompany, revokeByCompany, type Why } from "../decisions/store";
import { signedOutUri } from "../queries";
import {
  type Company,
  claimDueSession,
  type DueSession,
  findCompany,
  findHint,
  keepRefreshToken,
  openOfSession,
  sealForSession,
} from "../store";

const LOGOUT_EVENT = "http://schemas.openid.net/event/backchannel-logout";

/** OpenID Connect Back-Channel Logout. @returns false for a token that proves nothing, or was shown before */
export async function endByCompany(slug: string, logoutToken: string): Promise<boolean> {
  const company = await findCompany({ slug });
  if (!company?.enabled || !isMeantFor(company, logoutToken)) return false;
  try {
    const claims = await verifyToken(logoutToken, await findMetadata(company.issuer), company);
    const sessions = sessionsMeantBy(claims, company);
    if (!sessions) return false;
    // Its signature may be written in several ways.
    const signedPart = logoutToken.slice(0, logoutToken.lastIndexOf("."));
    const id = (typeof claims.jti === "string" && claims.jti) || signedPart;
    return await withAudit(async (tx, isAudited) => {
      if (!(await takeLogoutToken(tx, company.id, id))) return false;
      await endForCompany(tx, { company, sessions, isAudited });
      return true;
    });
  } catch (error) {
    if (!(error instanceof OpenIdFailure)) throw error;
    log.warn({ remedyId: error.remedyId, detail: error.detail }, "a logout token was refused");
    return false;
  }
}

function sessionsMeantBy(
  { sub, sid, events, nonce, iat }: Awaited<ReturnType<typeof verifyToken>>,
  { id: companySignInId, issuer }: Company,
) {
  const isLogout = typeof events === "object" && events !== null && LOGOUT_EVENT in events;
  // §2.6: a token with a nonce is an ID token.
  if (!isLogout || nonce !== undefined) return null;
  if (typeof sub !== "string" && typeof sid !== "string") return null;
  return {
    identity: { companySignInId, issuer, ...(typeof sub === "string" && { subject: sub }) },
    // It may arrive late, and the clocks may be a minute apart.
    createdAt: { lt: new Date(iat * SECOND_MS + MINUTE_MS) },
    ...(typeof sid === "string" && { companySid: sid }),
  };
}

/** Unproved: for a token meant for another recipient, no company is asked. */
function isMeantFor({ issuer, clientId }: Pick<Company, "issuer" | "clientId">, token: string) {
  const [, payload = "", signature, ...more] = token.split(".");
  if (!signature || more.length > 0) return false;
  const claims = parseJson(Buffer.from(payload, "base64url").toString());
  if (typeof claims !== "object" || claims === null) return false;
  const { iss, aud } = claims as Record<string, unknown>;
  return iss === issuer && [aud].flat().includes(clientId);
}

export async function recheckOne(): Promise<boolean> {
  const due = await claimDueSession();
  if (!due) return false;
  const company = await findCompany({ id: due.companySignInId });
  if (!company) return true;
  const cell = { sessionId: due.id, column: "refreshTokenSealed" } as const;
  try {
    const metadata = await findMetadata(company.issuer);
    const client = { metadata, clientId: company.clientId, clientSecret: company.clientSecret() };
    const kept = openOfSession(company, cell, due.refreshTokenSealed);
    const next = await redeemRefreshToken(client, kept);
    if (next !== kept) await keepRefreshToken(due.id, sealForSession(company, cell, next));
  } catch (error) {
    if (!(error instanceof OpenIdFailure)) throw error;
    if (error.remedyId === "company.person_gone") await letGo(company, due, reasonOf(error));
    // A person who only has to sign in again is not gone.
    else if (error.remedyId === "company.sign_in_expired")
      await endOne(company, due, reasonOf(error));
    // Everything else is asked again: a company that can't be reached ends no one's work.
    else log.warn({ remedyId: error.remedyId }, "a company could not be asked about a session");
  }
  return true;
}

/** Whichever way they came in, where the company decides their role. */
async function letGo(company: Company, due: DueSession, why: Why): Promise<void> {
  const { administratorId, companySignInId } = due;
  const identities = await db().administratorIdentity.findMany({
    where: { administratorId, companySignInId },
    select: { id: true, administratorId: true },
  });
  try {
    for (const identity of identities) await revokeByCompany(company, identity, why);
  } catch (error) {
    // What was asked counts no more: it is asked again, where the company still is.
    if (!(error instanceof AppError)) throw error;
    log.info({ remedyId: error.remedyId }, "a company was changed while it was asked");
  }
}

async function endOne(company: Company, { id }: DueSession, why: Why): Promise<void> {
  const ending = { company, sessions: { id }, why };
  await withAudit((tx, isAudited) => endForCompany(tx, { ...ending, isAudited }));
}

function reasonOf({ remedyId, detail }: OpenIdFailure): Why {
  return { cause: remedyId, reason: findRemedy(remedyId).title, told: detail };
}

/** A token ends what began before it, and no session lives so long. */
const KEPT_MS = DAY_MS;

/** A token that ended nothing for a failure of ours is not taken (Back-Channel Logout §2.6). */
export async function takeLogoutToken(tx: Transaction, companySignInId: string, id: string) {
  const data = {
    hash: hashToken(`${companySignInId} ${id}`),
    expiresAt: await databaseNow(KEPT_MS, tx),
  };
  return (await tx.shownLogoutToken.createMany({ data, skipDuplicates: true })).count === 1;
}

export async function deleteOldLogoutTokens(): Promise<void> {
  await db().$executeRaw`DELETE FROM "ShownLogoutToken" WHERE "expiresAt" < now()`;
}

/** OpenID Connect RP-Initiated Logout. A company that can't be reached delays no one. */
export async function findEndAddress(sessionId: string): Promise<string | null> {
  const hint = await findHint(sessionId);
  const company = hint && (await findCompany({ id: hint.companySignInId }));
  if (!hint || !company?.endsAtCompany) return null;
  try {
    const { end_session_endpoint: endpoint } = await findMetadata(company.issuer);
    if (!endpoint) return null;
    const url = new URL(endpoint);
    const cell = { sessionId, column: "idTokenSealed" } as const;
    url.searchParams.set("client_id", company.clientId);
    url.searchParams.set("id_token_hint", openOfSession(company, cell, hint.idTokenSealed));
    url.searchParams.set("post_logout_redirect_uri", signedOutUri());
    return url.href;
  } catch (error) {
    log.warn({ error }, "the company's sign-out was not found");
    return null;
  }
}
