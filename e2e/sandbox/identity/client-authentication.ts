import { createHash, timingSafeEqual, X509Certificate } from "node:crypto";
import type { Platform } from "../platform";
import type { ClientSecret, Registration } from "../registrations";
import { IdentityError } from "./identity-error";
import { instanceIssuer, TOKEN_EXCHANGE } from "./instance";
import { type DecodedJwt, decodeJwt, hasValidSignature } from "./jwt";

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const CLOCK_SKEW_S = 300;

/**
 * Proves the client with its secret or its certificate. Microsoft does this before it looks at the
 * grant, so a wrong secret is reported whatever else is wrong.
 */
export function authenticateClient(
  platform: Platform,
  registration: Registration,
  body: URLSearchParams,
): void {
  const assertion = body.get("client_assertion");
  const secret = body.get("client_secret");
  if (registration.isPublicClient && body.get("grant_type") !== "client_credentials") {
    if (assertion || secret) throw new IdentityError(700025);
    return;
  }
  if (assertion && body.get("client_assertion_type") === ASSERTION_TYPE)
    checkAssertion(platform, registration, assertion);
  else if (secret) checkSecret(platform, registration, secret);
  else throw new IdentityError(7000218);
}

function checkSecret(platform: Platform, registration: Registration, secret: string): void {
  const values = { client: registration.clientId };
  if (platform.faults.strikes("secret_wrong", { place: "token" }))
    throw new IdentityError(7000215, { values });
  const found = registration.secrets.find((candidate) => isSame(candidate.value, secret));
  if (!found || isTooNew(platform, found)) throw new IdentityError(7000215, { values });
  const isExpired =
    found.expiresAt <= platform.now() ||
    platform.faults.strikes("secret_expired", { place: "token" });
  if (isExpired) throw new IdentityError(7000222, { values });
}

/** Microsoft's servers hear of a secret that Graph made some seconds or minutes later. */
function isTooNew(platform: Platform, { createdAt, displayName }: ClientSecret): boolean {
  if (displayName === undefined) return false;
  const ageS = (platform.now() - createdAt) / 1000;
  const late = platform.faults.strikes("new_secret_late", { place: "token" });
  return late !== undefined && ageS < (late.seconds ?? 60);
}

function checkAssertion(platform: Platform, registration: Registration, assertion: string): void {
  const jwt = decodeJwt(assertion);
  if (!jwt) throw new IdentityError(50027);
  if (jwt.claims.iss === registration.clientId) checkCertificate(platform, registration, jwt);
  else checkFederatedToken(platform, registration, jwt);
}

function checkCertificate(platform: Platform, registration: Registration, jwt: DecodedJwt): void {
  const thumbprint = String(jwt.header["x5t#S256"] ?? jwt.header.x5t ?? "");
  const certificate = registration.certificates
    .map((pem) => new X509Certificate(pem))
    .find((candidate) => hasThumbprint(candidate, thumbprint));
  if (!certificate || !hasValidSignature(jwt, certificate.publicKey))
    throw new IdentityError(700027, { values: { thumbprint } });
  checkAssertionClaims(platform, registration, jwt);
}

function checkAssertionClaims(platform: Platform, registration: Registration, jwt: DecodedJwt) {
  const { iss, sub, aud, exp, nbf } = jwt.claims;
  const now = platform.now() / 1000;
  const isForUs = typeof aud === "string" && aud.startsWith(`${platform.authority}/`);
  if (iss !== registration.clientId || sub !== registration.clientId || !isForUs)
    throw new IdentityError(50027);
  const isExpired = typeof exp !== "number" || exp < now - CLOCK_SKEW_S;
  const isEarly = typeof nbf === "number" && nbf > now + CLOCK_SKEW_S;
  if (isExpired || isEarly) throw new IdentityError(700024);
}

/** A token of another issuer: issuer, audience and subject as a federated credential names them. */
function checkFederatedToken(platform: Platform, registration: Registration, jwt: DecodedJwt) {
  const { iss, sub, aud, exp } = jwt.claims;
  const values = { issuer: String(iss), subject: String(sub), audience: String(aud) };
  const isKnown = iss === instanceIssuer(platform);
  if (!isKnown) throw new IdentityError(700211, { values });
  if (!hasValidSignature(jwt, platform.keys.publicKey)) throw new IdentityError(50027);
  if (aud !== TOKEN_EXCHANGE) throw new IdentityError(700212, { values });
  if (typeof exp !== "number" || exp < platform.now() / 1000 - CLOCK_SKEW_S)
    throw new IdentityError(700024);
  const subjects = registration.federatedSubjects ?? [];
  if (subjects.length === 0) throw new IdentityError(70021, { values });
  if (!subjects.includes(values.subject)) throw new IdentityError(700213, { values });
}

function hasThumbprint(certificate: X509Certificate, thumbprint: string): boolean {
  return ["sha1", "sha256"].some(
    (algorithm) => createHash(algorithm).update(certificate.raw).digest("base64url") === thumbprint,
  );
}

function isSame(expected: string, given: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
