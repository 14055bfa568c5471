import { CALLBACK_REMEDIES } from "./callback";
import { MAILBOX } from "./commands";
import { MACHINE_REMEDIES } from "./machine";
import { REGISTRATION } from "./portal";
import type { Remedy } from "./remedy";

/** Postkey's own answers: before a token is there, and where it has none to give. */
const ACCOUNT_REMEDIES: readonly Omit<Remedy, "source">[] = [
  {
    id: "postkey.not_signed_in",
    title: "Nobody has signed in for this user name yet.",
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
    title: "The platform answered with tokens of somebody else.",
    cause:
      "Something on the way mixed up two answers, such as a proxy that caches. Postkey stored none of them and kept the tokens it had.",
    steps: [
      "Wait. Postkey asks again by itself.",
      "Let the sign-in host of the provider's cloud through without inspection or caching.",
      "If it stays, press Authenticate in the account's row menu and sign in again.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.provider_missing",
    title: "The account has no cloud provider.",
    cause: "None was chosen, or the one it had was deleted.",
    steps: [
      "Edit the account and choose a cloud provider.",
      "Create one under Settings, Cloud Providers if there is none.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.account_inactive",
    title: "The account is not active.",
    cause: "Somebody deactivated it. Postkey hands out no token for it.",
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
    cause: "A certificate is good until the day that stands in it, and the platform looks.",
    steps: [
      "Choose Generate certificate in the provider's row menu and upload the new one to the registration.",
      "Prove and use it on the provider's page. Nobody has to sign in again.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
  },
  {
    id: "postkey.mailbox_being_tested",
    title: "This mailbox is being tested at the moment.",
    cause:
      "Another administrator, its schedule or a test of many accounts has it. Two tests at once would count against the same limits of its server.",
    steps: ["Try again in a minute. The report of the other test stands on the account's page."],
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
      "The network, the name server or a firewall keeps this machine from Microsoft's sign-in servers.",
    steps: [
      "Allow outgoing HTTPS to the sign-in host of the provider's cloud.",
      "Check the network. Postkey tries again by itself, and the mailboxes stay signed in.",
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
    title: "The identity platform asked Postkey to wait, and tokens ran out meanwhile.",
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
      "Wait a few minutes. A keeper that is back renews first what has been due longest.",
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
      "Wait. Postkey tries again by itself.",
      "If it lasts, look at the service health page of Microsoft 365.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.malformed_token_response",
    title: "What came back is not an answer of the identity platform.",
    cause: "A proxy or a sign-in page of the network stands in between.",
    steps: [
      "Let the sign-in host of the provider's cloud through without inspection.",
      "Run the test again.",
    ],
    who: "postkey_administrator",
    retry: "yes",
  },
  {
    id: "postkey.unexpected",
    title: "Something went wrong that Postkey has no name for.",
    cause: "It is written in Postkey's log with its time.",
    steps: [
      "Try again.",
      "If it stays, send the part of the log around that time to whoever maintains Postkey.",
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

export const POSTKEY_REMEDIES: readonly Remedy[] = [
  ...ACCOUNT_REMEDIES,
  ...MACHINE_REMEDIES,
  ...CALLBACK_REMEDIES,
].map((remedy) => ({ ...remedy, source: null }));
