import { MAILBOX } from "./commands";
import { EXCHANGE, REGISTRATION, TENANT } from "./portal";
import type { Entry } from "./remedy";
import { again, editAccount, hosts, run, signIn, test } from "./steps";

const SMTP_AUTH =
  "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission";

/** What SMTP servers say about the account. */
export const SMTP_REMEDIES: readonly Entry[] = [
  {
    id: "smtp.auth_disabled_tenant",
    title: "Sending over SMTP is switched off for the whole organisation.",
    cause:
      "The switch SMTP AUTH is off in Exchange Online. Modern authentication does not get around it.",
    steps: [
      run`Switch it on for this mailbox alone with {command}.`,
      test`Wait up to an hour, then {press}.`,
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.smtpOn,
    link: EXCHANGE.settings,
    says: [
      "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
    ],
    source: SMTP_AUTH,
  },
  {
    id: "smtp.auth_disabled_mailbox",
    title: "Sending over SMTP is switched off for this mailbox.",
    cause: "The switch SMTP AUTH of the mailbox is off in Exchange Online.",
    steps: [run`Switch it on with {command}.`, test`Wait up to an hour, then {press}.`],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.smtpOn,
    link: EXCHANGE.mailboxes,
    says: [
      "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
    ],
    source: SMTP_AUTH,
  },
  {
    id: "smtp.auth_not_offered",
    title: "The SMTP server does not let this account sign in.",
    cause: "It offers no sign-in of this kind, or it is not the submission server.",
    steps: [
      hosts`Use the submission host of the service with port 587 and STARTTLS{there}.`,
      "Check that SMTP AUTH is on for the mailbox.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showProtocols,
    link: EXCHANGE.mailboxes,
    says: ["504 5.7.4 Unrecognized authentication type"],
    source: "https://www.rfc-editor.org/rfc/rfc4954",
  },
  {
    id: "smtp.auth_unsuccessful",
    reason: "token_refused",
    title: "The SMTP server refused the token.",
    cause:
      "SMTP is off for the mailbox, or the token does not belong to this user name. The server does not say which.",
    steps: [
      "Use the account that signed in as user name, and the shared address only as Email Address.",
      again`Check that SMTP.Send is among the permissions, and {press}.`,
      "Check that SMTP AUTH is on for the mailbox.",
    ],
    ownMailbox: {
      steps: [
        run`Switch SMTP AUTH on for the mailbox with {command}, and allow it an hour.`,
        again`Check that SMTP.Send is among the permissions, and {press}.`,
      ],
      command: MAILBOX.smtpOn,
    },
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showProtocols,
    link: REGISTRATION.permissions,
    says: ["535 5.7.3 Authentication unsuccessful"],
    source: "https://github.com/nextcloud/mail/issues/13668",
  },
  {
    id: "smtp.basic_auth_retired",
    reason: "passwords_off",
    title: "The server no longer accepts passwords for sending.",
    cause: "Exchange Online retires password sign-in for SMTP.",
    steps: [editAccount`Switch Modern Authentication on for the account.`, signIn`Then {press}.`],
    who: "postkey_administrator",
    retry: "after_fix",
    command: MAILBOX.showPolicy,
    says: [
      "535 5.7.139 Authentication unsuccessful, basic authentication is disabled.",
      "550 5.7.30 Basic authentication is not supported for Client Submission.",
    ],
    source: "https://mc.merill.net/message/MC786329",
  },
  {
    id: "smtp.security_defaults",
    title: "Security defaults of the organisation block sending over SMTP.",
    cause: "Security defaults switch SMTP AUTH off.",
    steps: [
      "Replace security defaults by Conditional Access policies that allow this account.",
      "Then switch SMTP AUTH on for the mailbox.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.smtpOn,
    link: TENANT.policies,
    says: [
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
    ],
    source: SMTP_AUTH,
  },
  {
    id: "smtp.policy_refused",
    title: "A policy of the organisation blocks this SMTP sign-in.",
    cause: "Conditional Access or an authentication policy refused it.",
    steps: [
      "Find the sign-in in the Entra sign-in log. It names the policy.",
      "Allow this account or this server's address in it.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showPolicy,
    link: TENANT.signIns,
    says: [
      "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.",
    ],
    source: "https://github.com/jstedfast/MailKit/issues/1733",
  },
  {
    id: "smtp.client_refused",
    title: "The SMTP server does not talk to this machine.",
    cause: "It refuses the address that Postkey connects from, or it is not the submission server.",
    steps: [
      hosts`Use the submission host of the service with port 587{there}.`,
      "Check whether the address of this machine is on a block list.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    says: ["554 5.7.1 Service unavailable; client host blocked"],
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-3.1",
  },
  {
    id: "smtp.refused",
    title: "The SMTP server refused a command.",
    cause: "Its own words are below.",
    steps: ["Read the server's words.", hosts`Check host, port and TLS mode{there}.`],
    who: "postkey_administrator",
    retry: "after_fix",
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-4.2",
  },
  {
    id: "smtp.not_authenticated",
    title: "The SMTP server wants a sign-in first.",
    cause: "The sign-in was not accepted, or the server wants another kind of connection.",
    steps: [hosts`Use port 587 with STARTTLS{there}.`, hosts`Check host and port{there}.`],
    who: "postkey_administrator",
    retry: "after_fix",
    command: MAILBOX.showProtocols,
    says: ["530 5.7.57 Client not authenticated to send mail."],
    source: SMTP_AUTH,
  },
];
