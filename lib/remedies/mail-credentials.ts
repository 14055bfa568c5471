import { APP, MAILBOX, NETWORK } from "./commands";
import { REGISTRATION } from "./portal";
import type { Remedy } from "./remedy";

const OAUTH =
  "https://learn.microsoft.com/exchange/client-developer/legacy-protocols/how-to-authenticate-an-imap-pop-smtp-application-by-using-oauth";

/** What the token or password itself tells, when the server did not. */
export const CREDENTIAL_REMEDIES: readonly Remedy[] = [
  {
    id: "token.expired",
    title: "The access token had expired when it was used.",
    cause: "It ran out between being fetched and being used, or a clock is wrong.",
    steps: [
      "Run the test again. Postkey fetches a new token.",
      "Synchronise the clock of this machine (NTP) if it stays.",
    ],
    who: "postkey_administrator",
    retry: "yes",
    command: NETWORK.showClock,
    says: ["* BYE Session invalidated - AccessTokenExpired"],
    source: OAUTH,
  },
  {
    id: "token.wrong_audience",
    title: "The token is for another service than the mail servers.",
    cause:
      "It was issued for Microsoft Graph or another resource. Mail servers accept only their own.",
    steps: ["Check that the provider's cloud is the right one.", "Press Authenticate again."],
    who: "postkey_administrator",
    retry: "reauth",
    command: APP.listPermissions,
    link: REGISTRATION.permissions,
    source: OAUTH,
  },
  missingScope("imap", { label: "read mail over IMAP", scope: "IMAP.AccessAsUser.All" }),
  missingScope("pop", { label: "read mail over POP3", scope: "POP.AccessAsUser.All" }),
  missingScope("smtp", { label: "send mail over SMTP", scope: "SMTP.Send" }),
  {
    id: "token.other_user",
    title: "The token belongs to another person than this mailbox.",
    cause:
      "Somebody else signed in, and has no right to this mailbox or may not be used as its user name.",
    steps: [
      "Press Authenticate and sign in with the mailbox's own account.",
      "For a shared mailbox, give the person who signed in Full Access, and Send As for sending.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
    command: MAILBOX.showRights,
    source: OAUTH,
  },
  {
    id: "password.refused",
    title: "The user name or password is wrong.",
    cause:
      "The server refused them. Microsoft and Google no longer accept the account's own password.",
    steps: [
      "Type the password again in the account.",
      "For a Microsoft mailbox, switch Modern Authentication on.",
      "For Gmail and Yahoo, make an app password and use that.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    source: "https://www.rfc-editor.org/rfc/rfc4954",
  },
  {
    id: "password.app_password",
    title: "The server wants an app password.",
    cause:
      "The account has two-step verification, and its own password does not work for programs.",
    steps: [
      "Make an app password in the account's security settings.",
      "Enter it as the password of the account.",
    ],
    who: "mailbox_owner",
    retry: "after_fix",
    says: ["534 5.7.9 Application-specific password required"],
    source: "https://support.google.com/accounts/answer/185833",
  },
];

function missingScope(
  protocol: string,
  { label, scope }: { label: string; scope: string },
): Remedy {
  return {
    id: `token.missing_scope_${protocol}`,
    title: `The token does not allow to ${label}.`,
    cause: `The permission ${scope} was not granted at the sign-in.`,
    steps: [
      `Add ${scope} on the API permissions page and grant admin consent.`,
      "Press Authenticate again and accept.",
    ],
    who: "tenant_administrator",
    retry: "reauth",
    link: REGISTRATION.permissions,
    command: APP.consent,
    source: OAUTH,
  };
}
