import { createHash, randomUUID, X509Certificate } from "node:crypto";
import type { NodeAuthOptions } from "@azure/msal-node";
import { importPKCS8, SignJWT } from "jose";
import { isPreset } from "../configured-clouds";
import { oauthFailure } from "../oauth-failure";
import type { Credential, Registration } from "../service";
import { acquireIdentityToken, readTokenFile } from "./managed-identity";
import { tokenUrl } from "./tenant";

type ClientAuthentication = Pick<NodeAuthOptions, "clientSecret" | "clientAssertion">;

export function clientAuthentication(registration: Registration): ClientAuthentication {
  const { credential } = registration;
  if (credential.kind === "client_secret") return { clientSecret: credential.secret };
  return { clientAssertion: () => assertionOf(registration) };
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ASSERTION_LIFE = "10m";

/** For requests outside MSAL (RFC 6749 §2.3.1, RFC 7523 §2.2). */
export async function authenticationFields(registration: Registration) {
  const { credential } = registration;
  if (credential.kind === "client_secret") return { client_secret: credential.secret };
  const client_assertion = await assertionOf(registration);
  return { client_assertion_type: ASSERTION_TYPE, client_assertion };
}

async function assertionOf(registration: Registration): Promise<string> {
  const { credential } = registration;
  if (credential.kind === "certificate") return signAssertion(registration, credential);
  if (credential.kind === "federated_token" || credential.kind === "managed_identity")
    return machineToken(registration, credential);
  throw new Error(`Microsoft takes no ${credential.kind} as an assertion.`);
}

type Certificate = Extract<Credential, { kind: "certificate" }>;

/** With `x5t#S256` (RFC 7515 §4.1.8), as MSAL would. */
async function signAssertion(registration: Registration, { certificate, privateKey }: Certificate) {
  const { raw } = new X509Certificate(certificate);
  const thumbprint = createHash("sha256").update(raw).digest("base64url");
  return new SignJWT({})
    .setProtectedHeader({ alg: "PS256", typ: "JWT", "x5t#S256": thumbprint })
    .setIssuer(registration.clientId)
    .setSubject(registration.clientId)
    .setAudience(tokenUrl(registration))
    .setJti(randomUUID())
    .setIssuedAt()
    .setNotBefore("0s")
    .setExpirationTime(ASSERTION_LIFE)
    .sign(await importPKCS8(privateKey, "PS256"));
}

/** No one types it in, so it goes only to hosts of the operator's presets. @throws OAuthFailure */
export async function machineToken(
  { cloud }: Pick<Registration, "cloud">,
  credential: Extract<Credential, { kind: "federated_token" | "managed_identity" }>,
): Promise<string> {
  if (!isPreset(cloud)) throw oauthFailure("fix_registration", "postkey.machine_token_elsewhere");
  return credential.kind === "federated_token"
    ? readTokenFile(credential.tokenFile)
    : acquireIdentityToken(credential.clientId);
}
