import { createHash, randomInt, randomUUID } from "node:crypto";
import type { User } from "../directory";
import { servicePrincipalOf } from "../exchange/access";
import type { Platform } from "../platform";
import type { Registration } from "../registrations";
import { signJwt } from "./jwt";

interface MintedToken {
  token: string;
  expiresInSeconds: number;
}

interface AccessTokenRequest {
  registration: Registration;
  tenantId: string;
  /** The resource, which becomes the audience. */
  host: string;
  subject: { kind: "user"; user: User; permissions: string[] } | { kind: "app"; roles: string[] };
}

/** Makes an access token with the claims of Microsoft's version 1.0 tokens, which Exchange gets. */
export function mintAccessToken(platform: Platform, request: AccessTokenRequest): MintedToken {
  const { registration, subject, tenantId } = request;
  const mailbox = subject.kind === "user" ? subject.user.address : undefined;
  const where = { place: "token" as const, mailbox };
  const short = platform.faults.strikes("short_token", where);
  // Microsoft draws 60 to 90 minutes, so that clients do not all come back together.
  const expiresInSeconds = short ? (short.seconds ?? 60) : randomInt(3600, 5400);
  const now = Math.floor(platform.now() / 1000);
  const age = platform.faults.strikes("expired_token", where) ? expiresInSeconds + 600 : 0;
  const appId = registration.clientId;
  const claims = {
    aud: request.host,
    iss: `${platform.authority}/${tenantId}/`,
    iat: now - age,
    nbf: platform.faults.strikes("future_token", where) ? now + 3600 : now - age,
    exp: now - age + expiresInSeconds,
    appid: appId,
    azp: appId,
    app_displayname: registration.name,
    tid: tenantId,
    uti: randomUUID(),
    ver: "1.0",
    ...subjectClaims(subject, registration),
    ...(platform.faults.strikes("guest_user", where) && guestClaims(mailbox)),
  };
  return { token: signJwt(claims, platform.keys), expiresInSeconds };
}

/** Entra ID makes a guest's user principal name of the address at home. */
function guestClaims(mailbox = "") {
  return { upn: `${mailbox.replace("@", "_")}#EXT#@fabrikam.test`, acct: 1 };
}

/** Makes the id_token (version 2.0) of a person who signed in. */
export function mintIdToken(
  platform: Platform,
  request: { registration: Registration; user: User; nonce: string | undefined },
): string {
  const { user, registration } = request;
  const where = { place: "token" as const, mailbox: user.address };
  const now = Math.floor(platform.now() / 1000);
  const nonce = platform.faults.strikes("wrong_nonce", where) ? randomUUID() : request.nonce;
  const isForged = platform.faults.strikes("bad_id_token_signature", where);
  const privateKey = isForged ? platform.keys.forgedKey() : platform.keys.privateKey;
  return signJwt(
    {
      aud: registration.clientId,
      iss: `${platform.authority}/${user.tenantId}/v2.0`,
      iat: now,
      nbf: now,
      exp: now + 3600,
      name: user.name,
      ...(nonce ? { nonce } : {}),
      oid: user.oid,
      preferred_username: user.address,
      email: user.address,
      sub: pairwiseSubject(user.oid, registration.clientId),
      tid: user.tenantId,
      uti: randomUUID(),
      ver: "2.0",
    },
    { kid: platform.keys.kid, privateKey },
  );
}

/** `client_info`, from which MSAL builds the home account id. */
export function clientInfo(user: User): string {
  return Buffer.from(JSON.stringify({ uid: user.oid, utid: user.tenantId })).toString("base64url");
}

function subjectClaims(subject: AccessTokenRequest["subject"], registration: Registration) {
  if (subject.kind === "app") {
    const oid = servicePrincipalOf(registration.clientId);
    const roles = subject.roles.length > 0 ? { roles: subject.roles } : {};
    return { oid, sub: oid, idtyp: "app", appidacr: "1", ...roles };
  }
  const { user } = subject;
  return {
    oid: user.oid,
    sub: pairwiseSubject(user.oid, registration.clientId),
    upn: user.address,
    unique_name: user.address,
    name: user.name,
    scp: subject.permissions.join(" "),
    acr: "1",
    amr: ["pwd"],
    appidacr: "1",
  };
}

/** Microsoft's `sub` differs from application to application. */
function pairwiseSubject(oid: string, clientId: string): string {
  return createHash("sha256").update(`${oid} ${clientId}`).digest("base64url");
}
