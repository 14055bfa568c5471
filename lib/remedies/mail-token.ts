import { APP, MAILBOX, NETWORK } from "./commands";
import {
  entry,
  OWNER_SIGNS_IN,
  PASSES,
  REAUTH,
  rfc,
  see,
  TENANT_ADMIN,
  TENANT_REAUTH,
} from "./entry";
import { REGISTRATION, TENANT } from "./portal";
import { again, editProvider, run, SIGN_IN_AGAIN, signIn, test } from "./steps";

export const OAUTH =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/** Servers of any service say it too. */
export const TOKEN_EXPIRED = entry("token.expired", see(PASSES, NETWORK.showClock, OAUTH), {
  says: ["* BYE Session invalidated - AccessTokenExpired"],
})`
  The access token had expired when it was used.
  It expired between being fetched and being used, or a clock is wrong.
  ${test`{Press}. Postkey has dropped this token and will fetch a new one.`}
  If it happens again, synchronise the clock of the Postkey server (NTP).`;

const ROLES = { imap: "IMAP.AccessAsApp", pop: "POP.AccessAsApp", smtp: "SMTP.SendAsApp" } as const;

const IN_EXCHANGE = `
    Or give it a role of Exchange Online alone, limited to its mailboxes, with the commands on the page of the cloud provider. It can take two hours to work.`;

export const TOKEN_REMEDIES = [
  entry("token.not_yet_valid", see(PASSES, NETWORK.showClock, rfc("7519#section-4.1.5")))`
    The access token is not valid yet.
    Its start time is in the future. The clock of the Postkey server or of the server that issued it is wrong.
    Synchronise the clock of the Postkey server (NTP).
    ${test`{Press}. If the clock is right, wait a few minutes first.`}`,
  entry("token.wrong_audience", see(REAUTH, REGISTRATION.permissions, APP.listPermissions, OAUTH))`
    The token is for another service than the mail servers.
    It was issued for Microsoft Graph or another resource. Mail servers accept only their own.
    ${editProvider`Check that the cloud of the cloud provider is the right one.`}
    ${signIn`Get a new token: {press}.`}`,
  entry("token.other_app", see(REAUTH, REGISTRATION.overview, APP.showHome), {
    source: "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
  })`
    The token was issued to another application than this cloud provider's.
    The Application ID was changed after the sign-in, or the sign-in was brought from another installation.
    ${editProvider`Check the Application ID of the cloud provider.`}
    ${signIn`Get a new token: {press}.`}`,
  entry("token.unreadable", see(REAUTH, REGISTRATION.authentication, APP.showAudience), {
    source: "https://learn.microsoft.com/entra/identity-platform/access-tokens",
  })`
    The server refused a token that cannot be read.
    Mailboxes of an organisation use tokens that can be read. Personal accounts, and other services, use opaque ones.
    Check that the person who signed in used a work or school account, and not a personal one.
    ${editProvider`Check the tenant and the cloud of the cloud provider.`}
    ${SIGN_IN_AGAIN}`,
  entry("token.too_long", see(TENANT_ADMIN, REGISTRATION.overview, APP.showTokenClaims), {
    says: ["500 5.5.2 Line too long"],
    source: "https://github.com/jstedfast/MailKit/issues/1948",
  })`
    The token is longer than the mail server accepts.
    Group memberships or optional claims make it long. Exchange Online refuses POP3 tokens of more than 4,096 characters.
    Remove group claims and optional claims from the app registration's Token configuration.
    ${again`Take the account out of groups that it does not need, then {press}.`}`,
  missingScope("imap", "read mail over IMAP", "IMAP.AccessAsUser.All"),
  missingScope("pop", "read mail over POP3", "POP.AccessAsUser.All"),
  missingScope("smtp", "send mail over SMTP", "SMTP.Send"),
  missingRole("imap", "read mail over IMAP"),
  missingRole("pop", "read mail over POP3"),
  missingRole("smtp", "send mail over SMTP", IN_EXCHANGE),
  entry("token.guest", see(REAUTH, TENANT.users, MAILBOX.showMailbox), {
    source: "https://learn.microsoft.com/entra/external-id/user-properties",
  })`
    The account that signed in is a guest of this organisation.
    A guest has no mailbox here. The mailbox is in the guest's own organisation.
    Register a cloud provider in the organisation that the mailbox belongs to.
    ${signIn`Or {press} and sign in with an account of this organisation.`}`,
  entry("token.other_user", see(OWNER_SIGNS_IN, MAILBOX.showRights, OAUTH))`
    The token belongs to another person than this mailbox.
    Someone else signed in who has no right to this mailbox, or whose name is not accepted as its user name.
    ${signIn`{Press} and sign in with the mailbox's own account.`}
    For a shared mailbox, give the person who signed in Full Access, and Send As for sending.`,
];

export type TokenRemedyId = (typeof TOKEN_REMEDIES)[number]["id"];

function missingScope<P extends string>(protocol: P, label: string, scope: string) {
  return entry(`token.missing_scope_${protocol}`, see(TENANT_REAUTH, APP.consent, OAUTH), {
    link: REGISTRATION.permissions,
  })`
    The token does not give permission to ${label}.
    The permission ${scope} was not granted at the sign-in.
    Add ${scope} on the API permissions page and grant admin consent.
    ${again`{Press} and accept.`}`;
}

/** A new token includes what was granted meanwhile. */
function missingRole<P extends keyof typeof ROLES>(protocol: P, label: string, or = "") {
  const role = ROLES[protocol];
  return entry(`token.missing_role_${protocol}`, see(TENANT_ADMIN, APP.addRoles, OAUTH), {
    reason: "role",
    link: REGISTRATION.permissions,
  })`
    The application's token does not allow it to ${label}.
    The application permission ${role} of Office 365 Exchange Online is missing, or has no admin consent.
    ${run`Add the application permissions and grant admin consent with {command}.`}
    ${signIn`{Press}. That gets a new token.`}${or}`;
}
