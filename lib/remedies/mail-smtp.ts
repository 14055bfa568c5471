import { MAILBOX } from "./commands";
import { ENTERPRISE, EXCHANGE, REGISTRATION, TENANT } from "./portal";
import type { Remedy } from "./remedy";

const SMTP_AUTH =
  "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/authenticated-client-smtp-submission";

/** What SMTP servers say about the account. */
export const SMTP_REMEDIES: readonly Remedy[] = [
  {
    id: "smtp.auth_disabled_tenant",
    title: "Sending over SMTP is switched off for the whole organisation.",
    cause:
      "The switch SMTP AUTH is off in Exchange Online. Modern authentication does not get around it.",
    steps: [
      "Switch it on for this mailbox alone with the command below.",
      "Wait up to an hour, then run the test again.",
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
    steps: ["Switch it on with the command below.", "Wait up to an hour, then run the test again."],
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
      "Use the submission host of the service with port 587 and STARTTLS.",
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
    title: "The SMTP server refused the token.",
    cause:
      "SMTP is off for the mailbox, or the token does not belong to this user name. The server does not say which.",
    steps: [
      "Use the account that signed in as user name, and the shared address only as Email Address.",
      "Check that SMTP.Send is among the permissions, and press Authenticate again.",
      "Check that SMTP AUTH is on for the mailbox.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showProtocols,
    link: REGISTRATION.permissions,
    says: ["535 5.7.3 Authentication unsuccessful"],
    source: "https://github.com/nextcloud/mail/issues/13668",
  },
  {
    id: "smtp.basic_auth_retired",
    title: "The server no longer accepts passwords for sending.",
    cause: "Exchange Online retires password sign-in for SMTP.",
    steps: [
      "Switch Modern Authentication on for the account.",
      "Then press Authenticate in its row menu.",
    ],
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
      "Use the submission host of the service with port 587.",
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
    steps: ["Read the server's words.", "Check host, port and TLS mode in the account."],
    who: "postkey_administrator",
    retry: "after_fix",
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-4.2",
  },
  {
    id: "smtp.not_authenticated",
    title: "The SMTP server wants a sign-in first.",
    cause: "The sign-in did not count, or the server wants another kind of connection.",
    steps: ["Use port 587 with STARTTLS.", "Check host and port in the account."],
    who: "postkey_administrator",
    retry: "after_fix",
    command: MAILBOX.showProtocols,
    says: ["530 5.7.57 Client not authenticated to send mail."],
    source: SMTP_AUTH,
  },
  {
    id: "smtp.no_mailbox_rights",
    title: "The application may not use this mailbox.",
    cause: "It signs in for itself, and nobody has given it rights on the mailbox.",
    steps: [
      "Give the application's service principal Full Access with the command below.",
      "Check that the address has a mailbox.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.showAppRights,
    link: ENTERPRISE.overview,
    says: ["430 4.2.0 STOREDRV; mailbox logon failure"],
    source: "https://github.com/simonrob/email-oauth2-proxy/issues/271",
  },
  {
    id: "smtp.send_as_denied",
    title: "The account may not send with this address.",
    cause: "The Email Address differs from the account that signed in, and Send As is missing.",
    steps: [
      "Give the account that signed in Send As on the mailbox with the command below.",
      "Or use its own address as Email Address.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    command: MAILBOX.giveSendAs,
    link: EXCHANGE.mailboxes,
    says: [
      "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
      "554 5.2.252 SendAsDenied; not allowed to send as",
      "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
    ],
    source: "https://github.com/OfficeDev/OfficeDocs-Support/issues/1187",
  },
  {
    id: "smtp.sender_blocked",
    title: "This mailbox is blocked from sending because of spam.",
    cause: "Microsoft saw suspicious mail from it.",
    steps: [
      "Secure the account: new password, no strange forwarding rules.",
      "Unblock it under Restricted entities in Microsoft Defender.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: {
      label: "Restricted entities",
      url: "https://security.microsoft.com/restrictedentities",
    },
    command: MAILBOX.showSender,
    says: ["550 5.1.8 Access denied, bad outbound sender"],
    source:
      "https://learn.microsoft.com/defender-office-365/outbound-spam-restore-restricted-users",
  },
  {
    id: "smtp.mailbox_full",
    title: "The mailbox is full.",
    cause: "Copies of sent mail count against its size.",
    steps: ["Empty Sent Items or archive them.", "Set a retention policy for the mailbox."],
    who: "mailbox_owner",
    retry: "after_fix",
    command: MAILBOX.showSize,
    link: EXCHANGE.mailboxes,
    says: ["554 5.2.2 mailbox full"],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  },
  {
    id: "smtp.recipient_quota",
    title: "The mailbox has sent to as many people as it may in a day.",
    cause: "Exchange Online lets a mailbox write to 10,000 recipients in 24 hours.",
    steps: [
      "Wait until the next day. What was not sent has to be sent again.",
      "Use a service made for bulk mail for newsletters and the like.",
    ],
    who: "mailbox_owner",
    retry: "yes",
    says: ["554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  },
  {
    id: "smtp.sender_refused",
    title: "The SMTP server does not accept this sender.",
    cause: "The Email Address is not one that this server sends for.",
    steps: ["Check the Email Address of the account.", "Read the server's words below."],
    who: "postkey_administrator",
    retry: "after_fix",
    command: MAILBOX.showAddresses,
    says: ["553 5.1.7 Invalid address"],
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-3.3",
  },
];
