import { X509Certificate } from "node:crypto";
import type { NodeAuthOptions } from "@azure/msal-node";
import type { Credential } from "../service";
import { acquireIdentityToken } from "./managed-identity";
import { readTokenFile } from "./token-file";

type ClientAuthentication = Pick<
  NodeAuthOptions,
  "clientSecret" | "clientCertificate" | "clientAssertion"
>;

/** A credential as MSAL takes it. */
export function clientAuthentication(credential: Credential): ClientAuthentication {
  switch (credential.kind) {
    case "client_secret":
      return { clientSecret: credential.secret };
    case "certificate":
      return { clientCertificate: clientCertificate(credential) };
    case "federated_token":
      return { clientAssertion: () => readTokenFile(credential.tokenFile) };
    case "managed_identity":
      return { clientAssertion: () => acquireIdentityToken(credential.clientId) };
    case "service_account":
      throw new Error("A service account is Google's.");
    default:
      throw new Error(`Unhandled credential ${credential satisfies never}`);
  }
}

/** With the SHA-256 thumbprint MSAL signs with PS256 and says so in `x5t#S256` (RFC 7515 §4.1.8). */
function clientCertificate({
  certificate,
  privateKey,
}: Extract<Credential, { kind: "certificate" }>) {
  const { fingerprint256 } = new X509Certificate(certificate);
  return { thumbprintSha256: fingerprint256.replaceAll(":", ""), privateKey };
}
