import { APP, MAILBOX, NETWORK } from "./commands";
import { REGISTRATION, TENANT } from "./portal";
import type { Written } from "./remedy";
import { again, editProvider, run, signIn, test } from "./steps";

const OAUTH =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/** Servers of any service say it too. */
export const TOKEN_EXPIRED = {
  id: "token.expired",
  title: "The access token had expired when it was used.",
  cause: "It expired between being fetched and being used, or a clock is wrong.",
  steps: [
    test`{Press}. Postkey has dropped this token and will fetch a new one.`,
    "If it happens again, synchronise the clock of the Postkey server (NTP).",
  ],
  retry: "yes",
  command: NETWORK.showClock,
  says: ["* BYE Session invalidated - AccessTokenExpired"],
  source: OAUTH,
} as const satisfies Written;

export const TOKEN_REMEDIES = [
  {
    id: "token.not_yet_valid",
    title: "The access token is not valid yet.",
    cause:
      "Its start time is in the future. The clock of the Postkey server or of the server that issued it is wrong.",
    steps: [
      "Synchronise the clock of the Postkey server (NTP).",
      test`{Press}. If the clock is right, wait a few minutes first.`,
    ],
    retry: "yes",
    command: NETWORK.showClock,
    source: "https://www.rfc-editor.org/rfc/rfc7519#section-4.1.5",
  },
  {
    id: "token.wrong_audience",
    title: "The token is for another service than the mail servers.",
    cause:
      "It was issued for Microsoft Graph or another resource. Mail servers accept only their own.",
    steps: [
      editProvider`Check that the cloud of the cloud provider is the right one.`,
      signIn`Get a new token: {press}.`,
    ],
    retry: "reauth",
    command: APP.listPermissions,
    link: REGISTRATION.permissions,
    source: OAUTH,
  },
  {
    id: "token.other_app",
    title: "The token was issued to another application than this cloud provider's.",
    cause:
      "The Application ID was changed after the sign-in, or the sign-in was brought from another installation.",
    steps: [
      editProvider`Check the Application ID of the cloud provider.`,
      signIn`Get a new token: {press}.`,
    ],
    retry: "reauth",
    command: APP.showHome,
    link: REGISTRATION.overview,
    source: "https://learn.microsoft.com/entra/identity-platform/access-token-claims-reference",
  },
  {
    id: "token.unreadable",
    title: "The server refused a token that cannot be read.",
    cause:
      "Mailboxes of an organisation use tokens that can be read. Personal accounts, and other services, use opaque ones.",
    steps: [
      "Check that the person who signed in used a work or school account, and not a personal one.",
      editProvider`Check the tenant and the cloud of the cloud provider.`,
      signIn`{Press} and sign in again.`,
    ],
    retry: "reauth",
    command: APP.showAudience,
    link: REGISTRATION.authentication,
    source: "https://learn.microsoft.com/entra/identity-platform/access-tokens",
  },
  {
    id: "token.too_long",
    title: "The token is longer than the mail server accepts.",
    cause:
      "Group memberships or optional claims make it long. Exchange Online refuses POP3 tokens of more than 4,096 characters.",
    steps: [
      "Remove group claims and optional claims from the app registration's Token configuration.",
      again`Take the account out of groups that it does not need, then {press}.`,
    ],
    who: "tenant_administrator",
    link: REGISTRATION.overview,
    command: APP.showTokenClaims,
    says: ["500 5.5.2 Line too long"],
    source: "https://github.com/jstedfast/MailKit/issues/1948",
  },
  missingScope("imap", { label: "read mail over IMAP", scope: "IMAP.AccessAsUser.All" }),
  missingScope("pop", { label: "read mail over POP3", scope: "POP.AccessAsUser.All" }),
  missingScope("smtp", { label: "send mail over SMTP", scope: "SMTP.Send" }),
  missingRole("imap", { label: "read mail over IMAP", role: "IMAP.AccessAsApp" }),
  missingRole("pop", { label: "read mail over POP3", role: "POP.AccessAsApp" }),
  missingRole("smtp", { label: "send mail over SMTP", role: "SMTP.SendAsApp" }),
  {
    id: "token.guest",
    title: "The account that signed in is a guest of this organisation.",
    cause: "A guest has no mailbox here. The mailbox is in the guest's own organisation.",
    steps: [
      "Register a cloud provider in the organisation that the mailbox belongs to.",
      signIn`Or {press} and sign in with an account of this organisation.`,
    ],
    retry: "reauth",
    link: TENANT.users,
    command: MAILBOX.showMailbox,
    source: "https://learn.microsoft.com/entra/external-id/user-properties",
  },
  {
    id: "token.other_user",
    title: "The token belongs to another person than this mailbox.",
    cause:
      "Someone else signed in who has no right to this mailbox, or whose name is not accepted as its user name.",
    steps: [
      signIn`{Press} and sign in with the mailbox's own account.`,
      "For a shared mailbox, give the person who signed in Full Access, and Send As for sending.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
    command: MAILBOX.showRights,
    source: OAUTH,
  },
] as const satisfies readonly Written[];

export type TokenRemedyId = (typeof TOKEN_REMEDIES)[number]["id"];

function missingScope(
  protocol: string,
  { label, scope }: { label: string; scope: string },
): Written {
  return {
    id: `token.missing_scope_${protocol}`,
    title: `The token does not give permission to ${label}.`,
    cause: `The permission ${scope} was not granted at the sign-in.`,
    steps: [
      `Add ${scope} on the API permissions page and grant admin consent.`,
      again`{Press} and accept.`,
    ],
    who: "tenant_administrator",
    retry: "reauth",
    link: REGISTRATION.permissions,
    command: APP.consent,
    source: OAUTH,
  } as const;
}

/** A new token includes what was granted meanwhile. */
function missingRole<P extends string>(
  protocol: P,
  { label, role }: { label: string; role: string },
) {
  return {
    id: `token.missing_role_${protocol}`,
    reason: "role",
    title: `The application's token does not allow it to ${label}.`,
    cause: `The application permission ${role} of Office 365 Exchange Online is missing, or has no admin consent.`,
    steps: [
      run`Add the application permissions and grant admin consent with {command}.`,
      signIn`{Press}. That gets a new token.`,
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: REGISTRATION.permissions,
    command: APP.addRoles,
    source: OAUTH,
  } as const;
}
