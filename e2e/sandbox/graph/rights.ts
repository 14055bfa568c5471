import type { WebRequest } from "../http";
import { decodeJwt, hasValidSignature } from "../identity/jwt";
import type { Mailbox } from "../mail/store";
import { findRegistration, type Platform } from "../platform";

type Rights = { upn: string | undefined; appId: string; permissions: readonly string[] };

export function rightsOf(platform: Platform, { headers }: WebRequest): Rights | undefined {
  const [scheme, token = ""] = (headers.authorization ?? "").split(" ");
  const jwt = scheme === "Bearer" ? decodeJwt(token) : undefined;
  const isGood =
    jwt !== undefined &&
    hasValidSignature(jwt, platform.keys.publicKey) &&
    jwt.claims.aud === platform.authority &&
    Number(jwt.claims.exp) > platform.now() / 1000;
  if (!isGood) return undefined;
  const { upn, appid, scp, roles } = jwt.claims;
  return {
    upn: typeof upn === "string" ? upn.toLowerCase() : undefined,
    appId: String(appid),
    permissions: Array.isArray(roles) ? roles.map(String) : String(scp ?? "").split(" "),
  };
}

export function mayOpen(
  platform: Platform,
  { upn, appId, permissions }: Rights,
  { mailbox, permission }: { mailbox: Mailbox; permission: "Mail.Send" | "Mail.ReadBasic" },
): boolean {
  const { address, fullAccess } = mailbox.entry;
  if (upn === undefined)
    return findRegistration(platform, appId)?.appMailboxes.includes(address) ?? false;
  if (upn === address) return permissions.includes(permission);
  return permissions.includes(`${permission}.Shared`) && fullAccess.includes(upn);
}
