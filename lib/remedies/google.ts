import { NETWORK } from "./commands";
import {
  ADMIN,
  entry,
  OWNER,
  OWNER_SIGNS_IN,
  OWNER_WAITS,
  REAUTH,
  see,
  TENANT_ADMIN,
  TENANT_REAUTH,
} from "./entry";
import type { Written } from "./remedy";
import { editAccount, signIn, test, updateSecret, wait } from "./steps";

const WEB = "https://developers.google.com/identity/protocols/oauth2/web-server";
const SERVICE_ACCOUNT = "https://developers.google.com/identity/protocols/oauth2/service-account";
const CONSENT = "https://support.google.com/cloud/answer/13463073";
const APP_ACCESS = "https://support.google.com/a/answer/7281227";

const CLIENTS = { label: "OAuth clients", url: "{portal}/auth/clients" };
const AUDIENCE = { label: "Audience of the app", url: "{portal}/auth/audience" };
const SCOPES = { label: "Data access of the app", url: "{portal}/auth/scopes" };
const ACCOUNTS = { label: "Service accounts", url: "{portal}/iam-admin/serviceaccounts" };
const DELEGATION = {
  label: "Domain-wide delegation",
  url: "https://admin.google.com/ac/owl/domainwidedelegation",
};
const APP_CONTROL = { label: "App access control", url: "https://admin.google.com/ac/owl/list" };

export const GOOGLE_REMEDIES: readonly Written[] = [
  entry("google.client_unknown", see(ADMIN, CLIENTS, WEB))`
    Google does not know this client id.
    The OAuth client was deleted, or its id was not copied completely.
    Copy the Client ID of the OAuth client again: it ends in .apps.googleusercontent.com.
    If it is gone, create a new client of the type Web application and enter both values.`,
  entry("google.client_secret_wrong", see(ADMIN, CLIENTS, WEB))`
    Google refuses the client secret.
    It was replaced or disabled at Google, or it belongs to another OAuth client.
    Open the OAuth client and create another secret.
    ${updateSecret`{Press} and enter it. The mailboxes stay signed in.`}`,
  entry("google.client_deleted", see(ADMIN, "https://support.google.com/cloud/answer/15549257"), {
    link: CLIENTS,
  })`
    The OAuth client was deleted at Google.
    Google deletes clients on request, and automatically after six months without use.
    Restore the client within 30 days under Deleted credentials.
    Or create a new one, enter its values here, and sign the mailboxes in again.`,
  entry("google.client_disabled", see(ADMIN, CLIENTS, WEB))`
    The OAuth client is disabled at Google.
    Someone disabled it, or Google did because of its terms.
    Enable the client in the Google Cloud console, or ask the owner of the project why.`,
  entry("google.not_delegated", see(TENANT_ADMIN, DELEGATION, SERVICE_ACCOUNT))`
    The domain did not delegate its mail to the service account.
    An administrator of the Workspace domain lets a service account in by its client id and the scope https://mail.google.com/, exactly as written here.
    In the Google Admin console open Domain-wide delegation and choose Add new.
    Enter the unique id (client id) of the service account and the scope https://mail.google.com/.
    ${signIn`Wait. It usually takes minutes, but can take up to 24 hours. Then choose Connect at the provider.`}`,
  entry("google.key_wrong", see(ADMIN, ACCOUNTS, SERVICE_ACCOUNT))`
    Google refuses the key of the service account.
    The key was deleted or disabled at Google, or belongs to another service account.
    Open the service account, create a new key of the type JSON, and upload it here.
    If the organisation forbids keys, ask who sets the policy iam.disableServiceAccountKeyCreation.`,
  entry("google.clock_wrong", see(ADMIN, NETWORK.showClock, SERVICE_ACCOUNT))`
    The clock of this server differs from Google's.
    An assertion is valid for an hour at most, counted by Google's clock.
    Synchronise the clock of the Postkey server (NTP) and try again.`,
  entry("google.mailbox_unknown", see(TENANT_ADMIN, SERVICE_ACCOUNT), {
    link: { label: "Users", url: "https://admin.google.com/ac/users" },
  })`
    Google does not know this mailbox.
    A service account signs in for a user of the domain. Aliases and groups are not users.
    ${editAccount`Enter the primary address of the user as Username.`}
    Check that the user exists and is not suspended.`,
  entry("google.account_deleted", see(TENANT_REAUTH, WEB), {
    link: { label: "Users", url: "https://admin.google.com/ac/users" },
  })`
    The Google account was deleted or disabled.
    Its owner or an administrator of the domain closed it.
    Restore the account within 20 days, or bind the email account to another mailbox.
    Then sign in again.`,
  entry("google.reauth_required", TENANT_REAUTH, {
    link: { label: "Session control", url: "https://admin.google.com/ac/security/reauth" },
    source: "https://support.google.com/a/answer/9368756",
  })`
    The domain requires the mailbox to sign in again.
    Its session control for Google Cloud applications ended the sign-in.
    Sign the mailbox in again.
    To make it last, have an administrator exempt this application from the session control.`,
  entry("google.code_spent", see(REAUTH, WEB))`
    The code of this sign-in was already used, or has expired.
    A code works once and for a few minutes.
    Start the sign-in again.`,
  entry("google.token_revoked", see(OWNER_SIGNS_IN, AUDIENCE), {
    source: "https://developers.google.com/identity/protocols/oauth2#expiration",
  })`
    Google ended this sign-in.
    The owner removed the access, changed the password, or did not use it for six months; apps in testing lose it after 7 days.
    Sign the mailbox in again.
    If it happens each week, publish the app: its status Testing ends every sign-in after 7 days.`,
  entry("google.no_refresh_token", see(OWNER_SIGNS_IN, WEB), {
    link: { label: "Third-party connections", url: "https://myaccount.google.com/connections" },
  })`
    Google gave no lasting token.
    It does so only when its consent page was shown and agreed to.
    Remove Postkey from the account's third-party connections.
    Then sign the mailbox in again.`,
  entry("google.redirect_uri_mismatch", see(ADMIN, CLIENTS, WEB))`
    The redirect URI is not the one registered at Google.
    Google compares every character with the redirect URIs of the OAuth client.
    Copy the Redirect URI of this provider into the client's Authorised redirect URIs.`,
  entry("google.scope_refused", see(ADMIN, SCOPES, CONSENT))`
    Google refuses the mail scope.
    The scope https://mail.google.com/ is not among those of the app, or not approved.
    Under Data access add the scope https://mail.google.com/ and save.
    Enable the Gmail API in the same project.`,
  entry("google.policy_blocked", see(TENANT_REAUTH, APP_CONTROL, APP_ACCESS))`
    A policy of the Workspace domain blocks this app.
    Its administrators allow only apps that they trust to use Gmail.
    Have a Workspace administrator open App access control and add the app by its client id.
    Mark it as Trusted, then sign in again.`,
  entry("google.browser_refused", OWNER_SIGNS_IN, {
    source: "https://developers.google.com/identity/protocols/oauth2/policies",
  })`
    Google does not let people sign in inside this app.
    The page was opened in the browser of another app, such as a chat or a mail program.
    ${signIn`Open Postkey in Chrome, Edge, Firefox or Safari, then {press}.`}`,
  entry("google.org_internal", see(REAUTH, AUDIENCE, CONSENT))`
    The app is only for accounts of its own organisation.
    Its user type is Internal, and this account does not belong to that organisation.
    Sign in with an account of the organisation that owns the app.
    Or make the app External under Audience.`,
];
const SWITCH = "https://support.google.com/a/answer/105694";

export const GMAIL_REMEDIES = [
  entry("gmail.token_refused", OWNER, {
    credential: "xoauth2",
    link: { label: "App access control", url: "https://admin.google.com/ac/owl/list" },
    says: [
      "NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)",
      "535 5.7.8 Username and Password not accepted.",
      "-ERR [AUTH] Username and password not accepted.",
    ],
    source: "https://developers.google.com/gmail/imap/xoauth2-protocol",
  })`
    Gmail's server refused the token.
    It opens only the mailbox of the account that signed in, or the access was removed, or the domain does not trust this app.
    ${editAccount`Check that the Username of the account is the primary address of the account that signed in.`}
    ${signIn`{Press} and sign in with that account.`}
    In the Google Admin console, check under App access control that this app is trusted.`,
  entry("gmail.off_for_domain", see(TENANT_ADMIN, SWITCH), {
    link: {
      label: "End User Access",
      url: "https://admin.google.com/ac/apps/gmail/enduseraccess",
    },
    says: ["NO [ALERT] IMAP access is disabled for your domain."],
  })`
    The domain does not let its people use Gmail over this protocol.
    An administrator of the Workspace domain switched IMAP and POP3 off for this person.
    In the Google Admin console open Apps, Google Workspace, Gmail, End User Access, and allow POP and IMAP access.
    ${test`Wait until it takes effect, up to 24 hours, then {press}.`}`,
  entry("gmail.off_for_mailbox", see(OWNER, SWITCH), {
    link: { label: "Gmail settings", url: "https://mail.google.com/mail/#settings/fwdandpop" },
    says: ["NO [ALERT] Your account is not enabled for IMAP use."],
  })`
    IMAP or POP3 is switched off in this mailbox's settings.
    Each mailbox has a switch of its own for either protocol.
    In Gmail open Settings, Forwarding and POP/IMAP, and enable the protocol.
    ${test`Then {press}.`}`,
  entry("gmail.bandwidth", see(OWNER_WAITS, "https://support.google.com/a/answer/1071518"), {
    says: ["NO [OVERQUOTA] Account exceeded command or bandwidth limits."],
  })`
    The mailbox has used up what Gmail allows for a day.
    Gmail limits downloads over IMAP to 2,500 MB and over POP3 to 1,250 MB a day, and the commands of all programs together.
    ${wait`Wait. Gmail lifts the limit within 24 hours.`}
    Find out which other programs read this mailbox, and have them fetch less.`,
  entry("gmail.web_login", see(OWNER, "https://support.google.com/mail/answer/7126229"), {
    link: { label: "Recent activity", url: "https://myaccount.google.com/notifications" },
    says: [
      "NO [WEBALERT https://accounts.google.com/signin/continue] Web login required.",
      "534 5.7.14 Please log in via your web browser and then try again.",
    ],
  })`
    Google wants the person to sign in with a browser first.
    It saw a sign-in from a new place, and asks whether that was its owner.
    Sign in to Gmail in a browser with this account, and confirm that it was you.
    ${test`Then {press}.`}`,
  entry("gmail.sending_limit", see(OWNER_WAITS, "https://support.google.com/a/answer/166852"), {
    says: ["550 5.4.5 Daily user sending limit exceeded."],
  })`
    The mailbox has reached Gmail's limit of messages for a day.
    Workspace lets a mailbox send 2,000 messages a day, and a personal account 500.
    ${wait`Wait. Gmail lets it send again within 24 hours.`}
    Use a service made for bulk mail for newsletters and the like.`,
];
