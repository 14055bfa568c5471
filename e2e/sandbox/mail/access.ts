import { findMailbox, findUser } from "../directory";
import { opensByRole } from "../exchange/access";
import { type Claims, decodeJwt, hasValidSignature } from "../identity/jwt";
import { EXCHANGE_HOSTS } from "../identity/scopes";
import { findRegistration, type Platform } from "../platform";
import type { Mailbox } from "./store";

export type Protocol = "imap" | "pop3" | "smtp";

/** Who a session acts for, once it is authenticated. */
export interface MailIdentity {
  mailbox: Mailbox;
  /** Whose rights count for Send As: a person's address, or the application's own mailbox. */
  owner: string;
}

export type MailAccess =
  | { kind: "granted"; identity: MailIdentity }
  | { kind: "refused"; reason: string }
  /** The token is good, but this identity cannot open this mailbox. */
  | { kind: "not_connected"; reason: string };

const PERMISSIONS: Record<Protocol, { delegated: string; application: string }> = {
  imap: { delegated: "IMAP.AccessAsUser.All", application: "IMAP.AccessAsApp" },
  pop3: { delegated: "POP.AccessAsUser.All", application: "POP.AccessAsApp" },
  smtp: { delegated: "SMTP.Send", application: "SMTP.SendAsApp" },
};
const CLOCK_SKEW_S = 5;

interface TokenSubject {
  /** The person's address, or undefined for an application. */
  upn: string | undefined;
  appId: string;
  permissions: string[];
}

/** Decides what a SASL user may do with an access token. */
export function checkBearer(
  platform: Platform,
  login: { protocol: Protocol; user: string; token: string },
): MailAccess {
  const verified = verifyToken(platform, login.token);
  if (typeof verified === "string") return { kind: "refused", reason: verified };
  const needed = PERMISSIONS[login.protocol];
  const permission = verified.upn === undefined ? needed.application : needed.delegated;
  if (verified.permissions.includes(permission)) return openMailbox(platform, login, verified);
  const byRole = openByRole(platform, verified, { user: login.user, permission });
  return byRole ?? { kind: "refused", reason: `the token lacks ${permission}` };
}

/** The one mailbox that takes a password, on the servers that are not Exchange's. */
export function checkPassword(platform: Platform, user: string, password: string): MailAccess {
  const mailbox = platform.mail.find(user);
  const isRight = password === platform.state.data.mailPassword;
  if (mailbox?.entry.kind !== "password" || !isRight)
    return { kind: "refused", reason: "unknown user or wrong password" };
  return { kind: "granted", identity: { mailbox, owner: mailbox.entry.address } };
}

/** Whether the authenticated identity may use this sender address. */
export function maySendAs(identity: MailIdentity, sender: string): boolean {
  const wanted = sender.trim().toLowerCase();
  if (wanted === identity.owner || wanted === identity.mailbox.entry.address) return true;
  return findMailbox(wanted)?.sendAs.includes(identity.owner) ?? false;
}

function verifyToken(platform: Platform, token: string): TokenSubject | string {
  const jwt = decodeJwt(token);
  if (!jwt) return "the token is not a JWT";
  if (jwt.header.alg !== "RS256" || !hasValidSignature(jwt, platform.keys.publicKey))
    return "the token's signature is wrong";
  const { scp, roles, upn, appid } = jwt.claims;
  const subject = {
    upn: typeof upn === "string" ? upn.toLowerCase() : undefined,
    appId: String(appid),
    permissions: Array.isArray(roles) ? roles.map(String) : String(scp ?? "").split(" "),
  };
  return refusalOfClaims(platform, jwt.claims) ?? subject;
}

function refusalOfClaims(platform: Platform, { exp, nbf, iss, aud }: Claims): string | undefined {
  const now = platform.now() / 1000;
  if (typeof exp !== "number" || exp < now - CLOCK_SKEW_S) return "the token has expired";
  if (typeof nbf === "number" && nbf > now + CLOCK_SKEW_S) return "the token is not valid yet";
  if (!platform.issuers.some((issuer) => String(iss).startsWith(`${issuer}/`)))
    return "the token has another issuer";
  if (!EXCHANGE_HOSTS.includes(String(aud))) return "the token is for another audience";
  return undefined;
}

function openMailbox(
  platform: Platform,
  login: { protocol: Protocol; user: string },
  subject: TokenSubject,
): MailAccess {
  const address = login.user.trim().toLowerCase();
  const mailbox = platform.mail.find(address);
  if (subject.upn === undefined) return openForApp(platform, subject, mailbox);
  // Exchange's SMTP wants the token's owner here; a shared mailbox goes into MAIL FROM.
  if (login.protocol === "smtp" && address !== subject.upn)
    return { kind: "refused", reason: "the user name is not the token's owner" };
  if (!mailbox && !findUser(address)) return { kind: "refused", reason: "no such mailbox" };
  const isAllowed =
    mailbox &&
    mailbox.entry.kind !== "password" &&
    (address === subject.upn || mailbox.entry.fullAccess.includes(subject.upn));
  if (!isAllowed) return { kind: "not_connected", reason: `${subject.upn} cannot open ${address}` };
  return { kind: "granted", identity: { mailbox, owner: subject.upn } };
}

function openForApp(
  platform: Platform,
  { appId }: TokenSubject,
  mailbox: Mailbox | undefined,
): MailAccess {
  const exchange = findRegistration(platform, appId)?.exchange;
  if (!mailbox || !exchange?.fullAccess.includes(mailbox.entry.address))
    return { kind: "refused", reason: "the application has no permission on this mailbox" };
  return { kind: "granted", identity: { mailbox, owner: mailbox.entry.address } };
}

/** SMTP without the claim: the mailboxes in the scope of its role. IMAP and POP3 have no role. */
function openByRole(
  platform: Platform,
  { upn, appId }: TokenSubject,
  { user, permission }: { user: string; permission: string },
): MailAccess | undefined {
  const mailbox = platform.mail.find(user);
  const exchange = findRegistration(platform, appId)?.exchange;
  const { scopes } = platform.state.data;
  const address = mailbox?.entry.address ?? "";
  if (upn !== undefined || !mailbox) return undefined;
  if (!opensByRole({ exchange, scopes }, permission, address)) return undefined;
  return { kind: "granted", identity: { mailbox, owner: address } };
}
