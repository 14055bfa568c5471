import "server-only";
import { log } from "@/lib/kernel/log";
import { findMetadata } from "@/lib/oauth/openid/metadata";
import { signedOutUri } from "../queries";
import { findCompany, findHint, openOfSession } from "../store";

/**
 * OpenID Connect RP-Initiated Logout. A company that can't be reached delays no one: the session here ends in any
 * case.
 */
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
