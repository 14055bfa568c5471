import { z } from "zod";
import type { Registration, SignedInIdentity } from "../service";
import { unverified, verifySignature } from "../signed-token";
import { keysUrl } from "./tenant";

const claimsSchema = z.object({
  iss: z.string(),
  oid: z.string().min(1).max(200),
  /** Not always a version of RFC 9562. */
  tid: z.guid(),
  nonce: z.string().optional(),
  preferred_username: z.string().min(1).max(254).optional(),
  email: z.string().min(1).max(254).optional(),
  upn: z.string().min(1).max(254).optional(),
  name: z.string().max(200).optional(),
});

type Answer = {
  idToken: string;
  /** Null where no browser was sent. */
  nonce: string | null;
  /** RFC 9207 */
  issuer?: string | undefined;
};

/** OIDC Core §3.1.3.7; MSAL compares only the nonce. @throws AppError callback.id_token_invalid */
export async function verifySignedIn(
  registration: Omit<Registration, "credential">,
  answer: Answer,
): Promise<SignedInIdentity> {
  try {
    const claims = await verify(registration, answer);
    const username = claims.preferred_username ?? claims.upn ?? claims.email;
    if (!username) throw new Error("The token names no one.");
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

async function verify(
  registration: Omit<Registration, "credential">,
  { idToken, nonce, issuer }: Answer,
) {
  const { clientId: audience } = registration;
  const payload = await verifySignature(idToken, { keysUrl: keysUrl(registration), audience });
  const claims = claimsSchema.parse(payload);
  const expected = issuerOf(registration, claims.tid);
  if (claims.iss !== expected) throw new Error("The token has another issuer.");
  if (issuer !== undefined && issuer !== expected)
    throw new Error("The response has another issuer.");
  if (registration.accountTypes === "tenant" && claims.tid !== registration.tenantId)
    throw new Error("The token is of another tenant.");
  if (nonce !== null && claims.nonce !== nonce)
    throw new Error("The token answers another request.");
  return claims;
}

/** RFC 9207. In multi-tenant sign-ins the tenant is compared later, with the id_token's issuer. */
export function isIssuer(registration: Omit<Registration, "credential">, issuer: string): boolean {
  const { accountTypes, tenantId } = registration;
  if (accountTypes === "tenant") return issuer === issuerOf(registration, tenantId);
  const tenant = z.guid().safeParse(issuer.split("/").at(-2));
  return tenant.success && issuer === issuerOf(registration, tenant.data);
}

function issuerOf({ cloud }: Pick<Registration, "cloud">, tenantId: string): string {
  return `${cloud.authority}/${tenantId}/v2.0`;
}
