import { type GraphUse, type GraphWay, usesIn } from "../graph-uses";
import { OAuthFailure, oauthFailure } from "../oauth-failure";
import type { AskedOfGraph, Registration, TokenSet } from "../service";
import { acquireForApplication, type Kept, readAppClaims, refreshFor } from "./client";
import { graphOrigin, graphScopes } from "./mail-tokens";

/** Of the same sign-in, for Microsoft Graph. @throws OAuthFailure also graph.<way>_not_consented */
export async function refreshForGraph(
  registration: Registration,
  kept: Kept,
  { way, ...asked }: AskedOfGraph,
): Promise<TokenSet> {
  const ask = (uses: readonly GraphUse[]) =>
    refreshFor(registration, kept, graphScopes(registration, uses));
  const others = asked.kept.filter((use) => !asked.needed.includes(use));
  try {
    const first =
      others.length === 0 ? null : await ask([...asked.needed, ...others]).catch(unlessConsent);
    const tokens = first ?? (await ask(asked.needed));
    const granted = usesIn(tokens.scopes);
    if (asked.needed.some((use) => !granted.includes(use))) throw notConsented(way);
    return tokens;
  } catch (error) {
    throw isOfConsent(error) ? notConsented(way, error.details) : error;
  }
}

/** One of the others may be revoked. */
function unlessConsent(error: unknown): null {
  if (isOfConsent(error)) return null;
  throw error;
}

function isOfConsent(error: unknown): error is OAuthFailure {
  return error instanceof OAuthFailure && (error.details.errorCodes ?? []).includes(NOT_CONSENTED);
}

const NOT_CONSENTED = 65001;

function notConsented(way: GraphWay, details: OAuthFailure["details"] = {}): OAuthFailure {
  return oauthFailure("sign_in_again", `graph.${way}_not_consented`, { ...details });
}

/** Rights given in Exchange alone (RBAC for Applications) stand in no token. @throws OAuthFailure */
export async function acquireForGraph(registration: Registration): Promise<TokenSet> {
  const tokens = await acquireForApplication(registration, graphOrigin(registration));
  return { ...tokens, scopes: readAppClaims(tokens.accessToken).roles };
}
