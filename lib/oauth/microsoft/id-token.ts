import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { z } from "zod";
import { HOUR_MS, MINUTE_MS } from "@/lib/clock";
import { AppError } from "@/lib/errors";
import { singleton } from "@/lib/singleton";
import { sendHttps } from "./https";
import { keysUrl, type Registration } from "./microsoft";

/** Who signed in: compared by `objectId` and `tenantId`, shown by the rest (OIDC Core §5.7). */
export type SignedInIdentity = {
  objectId: string;
  tenantId: string;
  username: string;
  displayName: string;
};

const claimsSchema = z.object({
  oid: z.string().min(1).max(200),
  /** A GUID, which need not be one of the versions of RFC 9562. */
  tid: z.guid(),
  nonce: z.string(),
  preferred_username: z.string().min(1).max(254).optional(),
  email: z.string().min(1).max(254).optional(),
  upn: z.string().min(1).max(254).optional(),
  name: z.string().max(200).optional(),
});

const CLOCK_TOLERANCE_S = 300;
const MAX_ID_TOKEN_BYTES = 16 * 1024;

/**
 * OIDC Core §3.1.3.7: signature, issuer, audience, expiry, nonce and tenant. MSAL compares the nonce
 * only and trusts the connection for the rest.
 *
 * @throws AppError invalid_grant, with the remedy callback.id_token_invalid
 */
export async function verifyIdToken(
  registration: Omit<Registration, "clientSecret">,
  input: { idToken: string; nonce: string },
): Promise<SignedInIdentity> {
  try {
    const claims = await verify(registration, input);
    const username = claims.preferred_username ?? claims.upn ?? claims.email;
    if (!username) throw new Error("The token names nobody.");
    return {
      objectId: claims.oid,
      tenantId: claims.tid,
      username,
      displayName: claims.name ?? username,
    };
  } catch (error) {
    throw unverified(error);
  }
}

function unverified(cause: unknown): AppError {
  const message = "The answer of the identity platform could not be verified.";
  return new AppError("invalid_grant", message, { cause, remedyId: "callback.id_token_invalid" });
}

async function verify(
  registration: Omit<Registration, "clientSecret">,
  { idToken, nonce }: { idToken: string; nonce: string },
) {
  if (idToken.length > MAX_ID_TOKEN_BYTES) throw new Error("The token is too long.");
  const { payload } = await jwtVerify(
    idToken,
    async (header, token) => {
      const keys = await signingKeys(keysUrl(registration), header.kid);
      return createLocalJWKSet(keys)(header, token);
    },
    {
      algorithms: ["RS256"],
      audience: registration.clientId,
      clockTolerance: CLOCK_TOLERANCE_S,
      requiredClaims: ["exp", "iat", "iss", "oid", "tid", "nonce"],
    },
  );
  const claims = claimsSchema.parse(payload);
  if (payload.iss !== `${registration.cloud.authority}/${claims.tid}/v2.0`)
    throw new Error("The token has another issuer.");
  if (registration.accountTypes === "tenant" && claims.tid !== registration.tenantId)
    throw new Error("The token is of another tenant.");
  if (claims.nonce !== nonce) throw new Error("The token answers another request.");
  return claims;
}

type CachedKeys = { keys: JSONWebKeySet; fetchedAt: number };

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(50) });

/** Kept for an hour; a key that is not among them is asked for again, at most once a minute. */
async function signingKeys(url: string, kid: string | undefined): Promise<JSONWebKeySet> {
  const cache = singleton("signing-keys", () => new Map<string, CachedKeys>());
  const cached = cache.get(url);
  const ageMs = cached ? Date.now() - cached.fetchedAt : Number.POSITIVE_INFINITY;
  const isKnown = cached?.keys.keys.some((key) => key.kid === kid) ?? false;
  if (cached && ageMs < (isKnown ? HOUR_MS : MINUTE_MS)) return cached.keys;
  const { status, body } = await sendHttps({ url, method: "GET" });
  if (status !== 200) throw new Error(`The signing keys were not to be had (status ${status}).`);
  const keys = jwksSchema.parse(JSON.parse(body));
  cache.set(url, { keys, fetchedAt: Date.now() });
  return keys;
}
