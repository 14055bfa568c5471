import { opensByRole } from "../exchange/access";
import type { WebRequest, WebResponse } from "../http";
import { decodeJwt, hasValidSignature } from "../identity/jwt";
import type { Mailbox } from "../mail/store";
import { findRegistration, type Platform } from "../platform";
import { refusal } from "./errors";

type Permission = "Mail.Send" | "Mail.ReadBasic";
/** `user` undefined: the one who signed in. */
type Wanted = { user: string | undefined; permission: Permission };
type Opened = { mailbox: Mailbox; owner: string };

/** The mailbox and who opens it, or why it stays closed. */
export function openMailbox(
  platform: Platform,
  request: WebRequest,
  { user, permission }: Wanted,
): Opened | WebResponse {
  const rights = rightsOf(platform, request);
  if (!rights) return refusal("expired");
  const mailbox = platform.mail.find(user ?? rights.upn ?? "");
  if (!mailbox) return refusal(user ? "invalid_user" : "no_mailbox");
  if (["none", "password"].includes(mailbox.entry.kind)) return refusal("no_mailbox");
  if (!mayOpen(platform, rights, { mailbox, permission })) return refusal("access_denied");
  return { mailbox, owner: rights.upn ?? mailbox.entry.address };
}

type Rights = { upn: string | undefined; appId: string; permissions: readonly string[] };

function rightsOf(platform: Platform, { headers }: WebRequest): Rights | undefined {
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

function mayOpen(
  platform: Platform,
  { upn, appId, permissions }: Rights,
  { mailbox, permission }: { mailbox: Mailbox; permission: Permission },
): boolean {
  const { address, fullAccess } = mailbox.entry;
  if (upn === undefined) {
    // What Entra grants has no scope. A role in Exchange has one, and no token names it.
    const exchange = findRegistration(platform, appId)?.exchange;
    const { scopes } = platform.state.data;
    return (
      permissions.includes(permission) || opensByRole({ exchange, scopes }, permission, address)
    );
  }
  if (upn === address) return permissions.includes(permission);
  return permissions.includes(`${permission}.Shared`) && fullAccess.includes(upn);
}
