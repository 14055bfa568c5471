import { createLocalJWKSet, errors, type JSONWebKeySet, type JWTPayload, jwtVerify } from "jose";
import { z } from "zod";
import { elapsed, HOUR_MS, MINUTE_MS } from "@/lib/kernel/clock";
import { AppError } from "@/lib/kernel/errors";
import { singleton } from "@/lib/kernel/singleton";
import { sendHttps } from "./https";

const MAX_ID_TOKEN_BYTES = 16 * 1024;

/** Checks signature, audience and end; the service compares issuer, nonce and person. */
export async function verifySignature(
  idToken: string,
  { keysUrl, audience }: { keysUrl: string; audience: string },
): Promise<JWTPayload> {
  if (idToken.length > MAX_ID_TOKEN_BYTES) throw new Error("The token is too long.");
  const { payload } = await jwtVerify(
    idToken,
    async (header, token) => {
      const keys = await signingKeys(keysUrl, header.kid);
      return createLocalJWKSet(keys)(header, token);
    },
    {
      algorithms: ["RS256"],
      audience,
      clockTolerance: 300,
      requiredClaims: ["exp", "iat", "iss"],
    },
  );
  return payload;
}

export function unverified(cause: unknown): AppError {
  const message = "The answer of the identity platform could not be verified.";
  const isOfTime =
    cause instanceof errors.JWTExpired ||
    (cause instanceof errors.JWTClaimValidationFailed &&
      cause.reason === "check_failed" &&
      /^(?:nbf|iat)$/.test(cause.claim));
  const remedyId = isOfTime ? "callback.id_token_out_of_date" : "callback.id_token_invalid";
  return new AppError("invalid_grant", message, { cause, remedyId });
}

type CachedKeys = { keys: JSONWebKeySet; fetchedAt: number };

const jwksSchema = z.object({ keys: z.array(z.looseObject({ kty: z.string() })).max(50) });

/** For an hour; an unknown key is fetched again, at most once a minute. */
async function signingKeys(url: string, kid: string | undefined): Promise<JSONWebKeySet> {
  const cache = singleton("signing-keys", () => new Map<string, CachedKeys>());
  const cached = cache.get(url);
  const ageMs = cached ? elapsed() - cached.fetchedAt : Number.POSITIVE_INFINITY;
  const isKnown = cached?.keys.keys.some((key) => key.kid === kid) ?? false;
  if (cached && ageMs < (isKnown ? HOUR_MS : MINUTE_MS)) return cached.keys;
  const { status, body } = await sendHttps({ url, method: "GET" });
  if (status !== 200) throw new Error(`The signing keys could not be fetched (status ${status}).`);
  const keys = jwksSchema.parse(JSON.parse(body));
  cache.set(url, { keys, fetchedAt: elapsed() });
  return keys;
}
