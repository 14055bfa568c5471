import { createLocalJWKSet, decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from "jose";
import { MINUTE_MS, SECOND_MS, wallTime } from "@/lib/kernel/clock";
import { counted } from "@/lib/kernel/text/schema";
import { OpenIdFailure } from "./failure";
import { signingKeys } from "./keys";
import type { Metadata } from "./metadata";

/** Asymmetric only: no `none`, and nothing that the client secret verifies. */
export const ALGORITHMS =
  "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split(" ");
/** Tolerance between both clocks. */
export const CLOCKS_APART_S = MINUTE_MS / SECOND_MS;
const MAX_TOKEN_BYTES = 64 * 1024;

/** OpenID Connect Core §3.1.3.7: signature, issuer, audience and times. @throws OpenIdFailure */
export async function verifyToken(
  token: string,
  metadata: Metadata,
  { clientId }: { clientId: string; typ?: string },
): Promise<JWTPayload & { iss: string; iat: number }> {
  if (token.length > MAX_TOKEN_BYTES)
    throw new OpenIdFailure("token_invalid", "The token is longer than 64 kB.");
  const keys = createLocalJWKSet(await signingKeys(metadata, keyNameOf(token)));
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ALGORITHMS,
    issuer: metadata.issuer,
    audience: clientId,
    clockTolerance: CLOCKS_APART_S,
    requiredClaims: ["iat", "exp"],
  }).catch(explain);
  const { iss = "", iat = 0, aud, azp } = payload;
  const isForSeveral = Array.isArray(aud) && aud.length > 1;
  if ((isForSeveral || azp !== undefined) && azp !== clientId)
    throw new OpenIdFailure("token_invalid", "The token was given to another application (azp).");
  requireSound(payload);
  return { ...payload, iss, iat };
}

function keyNameOf(token: string): string | undefined {
  try {
    return decodeProtectedHeader(token).kid;
  } catch (error) {
    explain(error);
  }
}

/** OpenID Connect Core §2. @throws OpenIdFailure company.token_invalid, company.clock_wrong */
export function requireSound({ sub, sid, iat, auth_time: authTime }: JWTPayload): void {
  for (const [name, value] of Object.entries({ sub, sid }))
    if (typeof value === "string" && (value.length > 255 || /\p{Cc}/u.test(value)))
      throw new OpenIdFailure("token_invalid", `${name} is too long or has control characters.`);
  for (const [name, value] of Object.entries({ iat, auth_time: authTime }))
    if (typeof value === "number") requirePast(name, value);
}

function requirePast(name: string, value: number): void {
  if (!(value >= 0 && value < LAST_TIME_S))
    throw new OpenIdFailure("token_invalid", `${name} is ${value}.`);
  // jose checks `exp` and `nbf`; a past event in the future shows a wrong clock too.
  const aheadS = value - wallTime().getTime() / SECOND_MS;
  if (aheadS > CLOCKS_APART_S)
    throw new OpenIdFailure(
      "clock_wrong",
      `${name} is ${counted(Math.round(aheadS), "second")} ahead.`,
    );
}

/** The end of the year 9999 */
const LAST_TIME_S = 253_402_300_800;

function explain(error: unknown): never {
  if (error instanceof errors.JWTExpired)
    throw new OpenIdFailure("clock_wrong", `exp: ${error.message}`, { cause: error });
  if (error instanceof errors.JWTClaimValidationFailed) {
    const isTime = error.claim === "nbf";
    throw new OpenIdFailure(
      isTime ? "clock_wrong" : "token_invalid",
      `${error.claim}: ${error.message}`,
      { cause: error },
    );
  }
  // jose throws TypeError for an unusable key, for example one too short.
  if (error instanceof errors.JOSEError || error instanceof TypeError)
    throw new OpenIdFailure("token_invalid", error.message, { cause: error });
  throw error;
}
