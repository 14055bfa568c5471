import { createHash, randomUUID, X509Certificate } from "node:crypto";
import type { NodeAuthOptions } from "@azure/msal-node";
import { importPKCS8, SignJWT } from "jose";
import { isPreset } from "../configured-clouds";
import { OAuthFailure } from "../oauth-failure";
import type { Credential, Registration } from "../service";
import { acquireIdentityToken } from "./managed-identity";
import { tokenUrl } from "./tenant-path";
import { readTokenFile } from "./token-file";

type ClientAuthentication = Pick<
  NodeAuthOptions,
  "clientSecret" | "clientCertificate" | "clientAssertion"
>;

export function clientAuthentication(registration: Registration): ClientAuthentication {
  const { credential } = registration;
  switch (credential.kind) {
    case "client_secret":
      return { clientSecret: credential.secret };
    case "certificate":
      return { clientCertificate: clientCertificate(credential) };
    case "federated_token":
    case "managed_identity":
      return { clientAssertion: () => machineToken(registration, credential) };
    case "service_account":
      throw new Error("A service account is Google's.");
    default:
      throw new Error(`Unhandled credential ${credential satisfies never}`);
  }
}

const ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
const ASSERTION_LIFE = "10m";

/** For requests outside MSAL (RFC 6749 §2.3.1, RFC 7523 §2.2). */
export async function authenticationFields(
  registration: Registration,
): Promise<Record<string, string>> {
  const { credential } = registration;
  switch (credential.kind) {
    case "client_secret":
      return { client_secret: credential.secret };
    case "certificate":
      return assertion(await signAssertion(registration, credential));
    case "federated_token":
    case "managed_identity":
      return assertion(await machineToken(registration, credential));
    case "service_account":
      throw new Error("A service account is Google's.");
    default:
      throw new Error(`Unhandled credential ${credential satisfies never}`);
  }
}

function assertion(token: string) {
  return { client_assertion_type: ASSERTION_TYPE, client_assertion: token };
}

type Certificate = Extract<Credential, { kind: "certificate" }>;

async function signAssertion(
  registration: Registration,
  { certificate, privateKey }: Certificate,
): Promise<string> {
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

/** With a SHA-256 thumbprint MSAL signs PS256 and sends `x5t#S256` (RFC 7515 §4.1.8). */
function clientCertificate({ certificate, privateKey }: Certificate) {
  const { fingerprint256 } = new X509Certificate(certificate);
  return { thumbprintSha256: fingerprint256.replaceAll(":", ""), privateKey };
}

type MachineCredential = Extract<Credential, { kind: "federated_token" | "managed_identity" }>;

/** No one types it in, so it goes only to hosts of the operator's presets. @throws OAuthFailure */
export async function machineToken(
  { cloud }: Pick<Registration, "cloud">,
  credential: MachineCredential,
): Promise<string> {
  if (!isPreset(cloud)) {
    const remedyId = "postkey.machine_token_elsewhere";
    throw new OAuthFailure({ kind: "fix_registration", remedyId, details: {} });
  }
  return credential.kind === "federated_token"
    ? readTokenFile(credential.tokenFile)
    : acquireIdentityToken(credential.clientId);
}
