import { MAILBOX } from "./commands";
import { REGISTRATION } from "./portal";
import type { Remedy } from "./remedy";

/** Postkey's own answers: before a token is there, and where it has none to give. */
const ACCOUNT_REMEDIES: readonly Omit<Remedy, "source">[] = [
  {
    id: "postkey.not_signed_in",
    title: "No one has signed in for this user name yet.",
    cause: "The cloud provider holds no sign-in of this user.",
    steps: ["Press Authenticate in the account's row menu and sign in with this user name."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    id: "postkey.no_refresh_token",
    title: "This sign-in cannot be renewed: Microsoft gave no refresh token.",
    cause:
      "The permission offline_access was not granted, so the sign-in would end after about an hour. It was not kept; an earlier one of this mailbox still counts.",
    steps: [
      "Open the API permissions page and add Microsoft Graph, Delegated permissions, offline_access.",
      "Choose Grant admin consent there. If that is refused, check the organisation's consent settings.",
      "Press Authenticate again and accept every permission that is listed.",
    ],
    who: "tenant_administrator",
    retry: "reauth",
    link: REGISTRATION.permissions,
  },
  {
    id: "postkey.no_mail_permission",
    title: "The platform renewed this sign-in without any permission for mail.",
    cause:
      "Consent was withdrawn, or an administrator removed the permissions. Postkey kept the tokens it had; they end within the hour.",
    steps: [
      "Press Authenticate, sign in and accept every permission that is listed.",
      "If Microsoft or Google does not list them, add the mail permissions to the app registration.",
      "Where people cannot consent themselves, grant consent for the whole organisation.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    id: "postkey.tokens_of_another",
    title: "The platform answered with someone else's tokens.",
    cause:
      "Something on the way mixed up two answers, such as a proxy that caches. Postkey stored none of them and kept the tokens it had.",
    steps: [
      "Wait. Postkey asks again automatically.",
      "Let the sign-in host of the provider's cloud through without inspection or caching.",
      "If it happens again, press Authenticate in the account's row menu and sign in again.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.provider_missing",
    title: "The account has no cloud provider.",
    cause: "No provider was chosen, or its provider was deleted.",
    steps: [
      "Edit the account and choose a cloud provider.",
      "If there is no provider yet, create one under Settings, Cloud Providers.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.account_inactive",
    title: "The account is not active.",
    cause: "Someone deactivated it. Postkey gives out no tokens for it.",
    steps: ["Choose Activate in the account's row menu."],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.app_only_token",
    title: "This token opens every mailbox of the application, and the key is for some accounts.",
    cause: "The application signs in by itself, with one token for all its mailboxes.",
    steps: [
      "Let the program read and send through Postkey: a key with mail:read and mail:send reaches its own accounts alone.",
      "Or give it a key for all accounts, and limit what the application itself opens.",
      "For SMTP: set CustomAttribute1 of its mailboxes to Postkey, have an administrator of the tenant run the command below, and remove SMTP.SendAsApp in Entra.",
      "For IMAP and POP: give the application FullAccess to these mailboxes alone.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    command: MAILBOX.limitApp,
  },
  {
    id: "postkey.certificate_expired",
    title: "The certificate of the application has expired.",
    cause: "A certificate is valid until the day named in it, and the platform checks that.",
    steps: [
      "Choose Generate certificate in the provider's row menu and upload the new one to the registration.",
      "Prove and use it on the provider's page. No one has to sign in again.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.mailbox_being_tested",
    title: "This mailbox is being tested at the moment.",
    cause:
      "Another administrator, its schedule or a test run is testing it. Two tests at once would count against the same limits of its server.",
    steps: ["Try again in a minute. The report of the other test is on the account's page."],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.locked",
    title: "The stored secret cannot be decrypted.",
    cause: "It was written with another key, or its row was damaged. Nothing was overwritten.",
    steps: [
      "Restore the key that this database was used with, and restart Postkey.",
      "If the key is lost, enter the secret again and sign the mailboxes in again.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.identity_platform_unreachable",
    title: "The identity platform cannot be reached.",
    cause:
      "The network, the name server or a firewall keeps this machine from reaching Microsoft's sign-in servers.",
    steps: [
      "Allow outgoing HTTPS to the sign-in host of the provider's cloud.",
      "Check the network. Postkey retries automatically, and the mailboxes stay signed in.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.platform_port_refused",
    title: "Postkey does not connect to this port of an identity platform.",
    cause: "Only the standard port 443 is allowed for platforms that are not preset.",
    steps: [
      "Open the cloud provider, choose Edit, and enter its hosts without a port.",
      "If the platform really uses another port, have the operator list its host in POSTKEY_PRIVATE_HOSTS.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.identity_platform_throttled",
    title: "The identity platform asks to slow down.",
    cause: "There were too many requests for this tenant in a short time.",
    steps: ["Wait. Postkey tries again when Microsoft allows it."],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.identity_platform_pause",
    title: "The identity platform asked Postkey to wait, and tokens expired in the meantime.",
    cause:
      "It limits how often one application asks for tokens in one tenant. Postkey waits as long as it was told to (Retry-After).",
    steps: [
      "Wait. The provider's page says when Postkey asks again; the first answer ends the wait for all.",
      "Find out what else uses this application id and asks for tokens too often.",
      "To find out sooner, choose Renew now in the menu of a mailbox on the provider's page.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.renewals_overdue",
    title: "Postkey did not renew these tokens in time.",
    cause:
      "Its keeper was not running, or had too much to do. The identity platform was not asked, so it did not fail.",
    steps: [
      "Wait a few minutes. When a keeper is back, it renews the longest overdue tokens first.",
      "If the number does not fall, ask /api/health whether a keeper is running, and start Postkey again.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.identity_platform_unavailable",
    title: "The identity platform has a fault of its own.",
    cause: "Microsoft's sign-in servers answered that they cannot serve at the moment.",
    steps: [
      "Wait. Postkey retries automatically.",
      "If it lasts, look at the service health page of Microsoft 365.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.malformed_token_response",
    title: "The answer did not come from the identity platform.",
    cause: "A proxy or a sign-in page of the network is in between.",
    steps: [
      "Let the sign-in host of the provider's cloud through without inspection.",
      "Run the test again.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.unexpected",
    title: "Unrecognised error.",
    cause: "Postkey's log has the details, with the time.",
    steps: [
      "Try again.",
      "If it happens again, send the part of the log around that time to the person who maintains Postkey.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.aborted",
    title: "The test was stopped.",
    cause: "The page was closed or left before it had ended.",
    steps: ["Run the test again."],
    who: "postkey_administrator",
    retry: "yes",
  },
];

/** Where the credential is not stored here, but has to be had on this machine. */
const MACHINE_REMEDIES: readonly Omit<Remedy, "source">[] = [
  {
    id: "postkey.token_file_not_allowed",
    title: "Postkey may not read this token file.",
    cause: "Only files in the directories that the operator named are read.",
    steps: [
      "Add the directory of the file to POSTKEY_FEDERATED_TOKEN_DIRS and restart Postkey.",
      "Or use the file that AZURE_FEDERATED_TOKEN_FILE names.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.machine_token_elsewhere",
    title: "Postkey uses a credential of this machine only at the hosts of a configured cloud.",
    cause:
      "Anyone who can enter hosts could otherwise have a federated token or a managed identity's token sent to a server of their own.",
    steps: [
      "Remove the provider's own hosts, or use a client secret or a certificate.",
      "Or have the operator describe these hosts as a cloud, in POSTKEY_CLOUDS_FILE.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.token_file_unreadable",
    title: "The token file cannot be read, or holds no token.",
    cause: "It is missing, too large, or not a signed token (JWT).",
    steps: [
      "Check the path, and that Postkey's user may read the file.",
      "Check that the token is projected into the container. Postkey retries automatically.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.managed_identity_unreachable",
    title: "No identity endpoint answers on this machine.",
    cause: "Postkey does not run on Azure, or no managed identity is assigned to the machine.",
    steps: [
      "Assign a managed identity to the machine or the app, and try again.",
      "Let Postkey reach 169.254.169.254 without a proxy. It retries automatically.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.managed_identity_refused",
    title: "The identity endpoint of this machine returned no token.",
    cause: "The client id does not belong to an identity that is assigned to this machine.",
    steps: ["Check the identity's client id, or leave it empty for the machine's own identity."],
    who: "postkey_administrator",
    retry: "after_fix",
  },
];

/** When a browser comes back from the identity platform. */
const CALLBACK_REMEDIES: readonly Omit<Remedy, "source">[] = [
  {
    id: "callback.state_missing",
    title: "This address was opened without a sign-in.",
    cause: "It is the page that Microsoft sends the browser back to. It does nothing on its own.",
    steps: ["Go to Cloud Providers and press Authenticate in the row menu."],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.state_unknown",
    title: "Postkey did not start this sign-in.",
    cause: "The link is old, was already used, or was made by someone else.",
    steps: ["Go to Cloud Providers and press Authenticate in the row menu."],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.state_expired",
    title: "The sign-in took longer than ten minutes.",
    cause: "For safety, a sign-in does not stay open for longer than that.",
    steps: ["Press Authenticate again and finish it in one go."],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.other_session",
    title: "The sign-in was started in another browser or by another administrator.",
    cause: "Only the session that pressed Authenticate may complete it.",
    steps: ["Press Authenticate in this browser, and stay signed in to Postkey until it is done."],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.answered_already",
    title: "This sign-in was already completed. Your new choice was not used.",
    cause:
      "The Back button led to the pages of a completed sign-in. Its first answer counts, even if you chose another account the second time.",
    steps: [
      "Go to Cloud Providers and see who is signed in.",
      "To sign in another account, press Authenticate and choose it there.",
    ],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.issuer_unknown",
    title: "The answer came from another identity platform than the one that was asked.",
    cause:
      "It names an issuer that is not the provider's. Its code was not used, and nothing changed.",
    steps: [
      "Check the tenant ID and the cloud of the provider.",
      "Press Authenticate again. If it happens again, ask who runs your network or proxy.",
    ],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.provider_changed",
    title: "The provider was changed while someone was signing in.",
    cause: "The answer belongs to the earlier settings and was discarded.",
    steps: ["Press Authenticate again."],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.provider_deleted",
    title: "The provider was deleted while someone was signing in.",
    cause: "There is no provider left to store the sign-in for.",
    steps: ["Create the provider again, then press Authenticate."],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "callback.code_missing",
    title: "Microsoft sent the browser back without a result.",
    cause: "Something on the way cut the answer short.",
    steps: [
      "Press Authenticate again.",
      "Check that no proxy removes the part of the address after the question mark.",
    ],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.id_token_invalid",
    title: "The proof of who signed in is not valid.",
    cause: "Its signature, issuer, audience or time is wrong. Nothing was stored.",
    steps: [
      "Synchronise the clock of this machine (NTP).",
      "Check tenant id and cloud of the provider.",
      "Press Authenticate again.",
    ],
    who: "postkey_administrator",
    retry: "reauth",
  },
  {
    id: "callback.scopes_missing",
    title: "Some permissions that mail needs were not granted.",
    cause: "The registration lacks some of them, or only a part was accepted.",
    steps: [
      "Check that IMAP.AccessAsUser.All, POP.AccessAsUser.All and SMTP.Send are on the API permissions page.",
      "Grant admin consent there, then press Authenticate again.",
    ],
    who: "tenant_administrator",
    retry: "reauth",
  },
  {
    id: "callback.other_identity",
    title: "A different person signed in than expected.",
    cause: "The browser was signed in with a different account.",
    steps: [
      "Press Authenticate and choose the expected account. A private window helps.",
      "If you want this change, confirm it when Postkey asks.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    id: "callback.database_unreachable",
    title: "Postkey cannot reach its database, so the sign-in has to wait.",
    cause: "Microsoft's answer has not been used up yet.",
    steps: [
      "Get the database running.",
      "Reload this page within ten minutes, or press Authenticate again.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "callback.access_denied",
    title: "The sign-in was refused or cancelled.",
    cause: "Someone pressed Cancel, or the organisation does not allow it.",
    steps: [
      "Press Authenticate again and accept.",
      "If the organisation forbids it, ask its administrator for consent.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    id: "callback.consent_elsewhere",
    title: "The consent was given for another organisation.",
    cause: "The administrator belongs to another tenant than the one of this provider.",
    steps: [
      "Grant the consent again, signed in as an administrator of the provider's own tenant.",
      "Withdraw the other consent there if it was a mistake.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
  },
  {
    id: "callback.device_code_expired",
    title: "The code was not used in time.",
    cause: "A code is valid for 15 minutes, and no one finished signing in with it.",
    steps: ["Press Authenticate for a new code, and type it on the other device at once."],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    id: "callback.device_code_declined",
    title: "The sign-in was cancelled on the other device.",
    cause: "Someone pressed Cancel there, or the organisation forbids signing in with a code.",
    steps: [
      "Press Authenticate for a new code.",
      "If Conditional Access blocks device codes, sign in through the browser (delegated) instead.",
    ],
    who: "mailbox_owner",
    retry: "reauth",
  },
  {
    id: "callback.interrupted",
    title: "The sign-in was interrupted before its result was stored.",
    cause: "The connection or Postkey itself stopped in the middle. Nothing was partly stored.",
    steps: ["Press Authenticate again."],
    who: "postkey_administrator",
    retry: "reauth",
  },
];

export const POSTKEY_REMEDIES: readonly Remedy[] = [
  ...ACCOUNT_REMEDIES,
  ...MACHINE_REMEDIES,
  ...CALLBACK_REMEDIES,
].map((remedy) => ({ ...remedy, source: null }));
