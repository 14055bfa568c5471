import { MAILBOX, NETWORK } from "./commands";
import { ADMIN, entry, OWNER_WAITS, see, TENANT_ADMIN } from "./entry";
import { notConnected } from "./exchange-reading";
import { SMTP_AUTH } from "./mail-account";
import { OAUTH } from "./mail-token";
import { EXCHANGE, REGISTRATION, TENANT } from "./portal";
import { again, run, sendByGraph, test, wait } from "./steps";

const OR_BY_GRAPH = sendByGraph`Or {press}: it needs no SMTP.`;

const NDR_CODES =
  "https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online";
const BLOCKED = {
  label: "Restricted entities",
  url: "https://security.microsoft.com/restrictedentities",
} as const;

export const EXCHANGE_SENDING = [
  notConnected("smtp", "SMTP", "430 4.2.0 STOREDRV; mailbox logon failure"),
  entry("mail.mailbox_moving", see(TENANT_ADMIN, NDR_CODES), {
    retry: "yes",
    says: ["430 4.2.0 STOREDRV; mailbox logon failure; MapiExceptionMailboxInTransit"],
  })`
    The mailbox is being moved to another database.
    Microsoft moves mailboxes between its servers, or an administrator started it.
    ${wait`Wait. It takes minutes to hours, and Postkey retries automatically.`}
    If it lasts for a day, look at the migration batches in the Exchange admin center.`,
  entry("smtp.auth_disabled_tenant", see(TENANT_ADMIN, MAILBOX.smtpOn, SMTP_AUTH), {
    link: EXCHANGE.settings,
    says: [
      "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant.",
    ],
  })`
    Sending over SMTP is switched off for the whole organisation.
    The switch SMTP AUTH is off in Exchange Online. Modern authentication does not get around it.
    ${run`Switch it on for this mailbox alone with {command}.`}
    ${test`Wait up to an hour, then {press}.`}
    ${OR_BY_GRAPH}`,
  entry("smtp.auth_disabled_mailbox", see(TENANT_ADMIN, MAILBOX.smtpOn, SMTP_AUTH), {
    link: EXCHANGE.mailboxes,
    says: [
      "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox.",
    ],
  })`
    Sending over SMTP is switched off for this mailbox.
    The switch SMTP AUTH of the mailbox is off in Exchange Online.
    ${run`Switch it on with {command}.`}
    ${test`Wait up to an hour, then {press}.`}
    ${OR_BY_GRAPH}`,
  entry("smtp.auth_unsuccessful", see(TENANT_ADMIN, MAILBOX.showProtocols), {
    credential: "xoauth2",
    ownMailbox: {
      steps: [
        run`Switch SMTP AUTH on for the mailbox with {command}, and allow it an hour.`,
        again`Check that the permission to send over SMTP is granted, and {press}.`,
      ],
      command: MAILBOX.smtpOn,
    },
    link: REGISTRATION.permissions,
    says: ["535 5.7.3 Authentication unsuccessful"],
    source: "https://github.com/nextcloud/mail/issues/13668",
  })`
    The SMTP server refused the token.
    SMTP is off for the mailbox, or the token does not belong to this user name. The server does not say which.
    Use the account that signed in as user name, and the shared address only as Email Address.
    ${again`Check that the permission to send over SMTP is granted, and {press}.`}
    Check that SMTP AUTH is on for the mailbox.`,
  entry("smtp.security_defaults", see(TENANT_ADMIN, TENANT.policies, MAILBOX.smtpOn, SMTP_AUTH), {
    says: [
      "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security defaults policy.",
    ],
  })`
    Security defaults of the organisation block sending over SMTP.
    Security defaults switch SMTP AUTH off.
    Replace security defaults by Conditional Access policies that allow this account.
    Then switch SMTP AUTH on for the mailbox.
    ${OR_BY_GRAPH}`,
  entry("smtp.policy_refused", see(TENANT_ADMIN, TENANT.signIns, MAILBOX.showPolicy), {
    says: [
      "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be authenticated successfully.",
    ],
    source: "https://github.com/jstedfast/MailKit/issues/1733",
  })`
    A policy of the organisation blocks this SMTP sign-in.
    Conditional Access or an authentication policy refused it.
    Find the sign-in in the Entra sign-in log. It names the policy.
    Allow this account or this server's address in it.`,
  entry("mail.app_not_granted", see(TENANT_ADMIN, EXCHANGE.mailboxes, MAILBOX.grantApp, OAUTH))`
    The application may not open this mailbox.
    Exchange Online has not granted it this mailbox, or the address has none.
    ${run`Register its service principal in Exchange Online and give it this mailbox with {command}.`}
    For many mailboxes, use the commands on the page of the cloud provider.
    ${test`Allow up to an hour, then {press}.`}
    Check that the address has a mailbox, and that the protocol is on for it.`,
  entry("smtp.send_as_denied", see(TENANT_ADMIN, EXCHANGE.mailboxes, MAILBOX.giveSendAs), {
    ownMailbox: {
      cause:
        "The server does not count this address as one of the account's own. It may be an alias, a former name, or another user's.",
      steps: [
        run`Check with {command} that the Email Address is an address of the mailbox.`,
        "Enter the primary address, the one that begins with SMTP: in capitals.",
        "Check that the account has a mailbox and a licence for it.",
      ],
      command: MAILBOX.showAddresses,
    },
    says: [
      "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
      "554 5.2.252 SendAsDenied; not allowed to send as",
      "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
    ],
    source: "https://github.com/OfficeDev/OfficeDocs-Support/issues/1187",
  })`
    The account may not send with this address.
    The Email Address differs from the account that signed in, and Send As is missing.
    ${run`Give the account that signed in Send As on the mailbox with {command}.`}
    Or use its own address as Email Address.`,
  entry("smtp.sender_blocked", see(TENANT_ADMIN, BLOCKED, MAILBOX.showSender), {
    says: [
      "550 5.1.8 Access denied, bad outbound sender",
      "550 5.7.501 Access denied, spam abuse detected",
    ],
    source:
      "https://learn.microsoft.com/defender-office-365/outbound-spam-restore-restricted-users",
  })`
    This mailbox is blocked from sending because of spam.
    Microsoft saw suspicious mail from it.
    Secure the account: set a new password and remove unknown forwarding rules.
    Unblock it under Restricted entities in Microsoft Defender.`,
  entry("smtp.tenant_blocked", see(TENANT_ADMIN, BLOCKED, MAILBOX.showSender, NDR_CODES), {
    says: ["550 5.7.705 Access denied, tenant has exceeded threshold"],
  })`
    The organisation is blocked from sending because of suspicious mail.
    Microsoft saw too much spam, or mail of unregistered domains, from this organisation.
    Find and secure the accounts that sent it: the message trace shows them.
    Ask Microsoft's support to lift the block.`,
  entry("smtp.address_refused", see(ADMIN, NETWORK.showAddress, NDR_CODES), {
    link: { label: "Delist page", url: "https://sender.office.com" },
    says: [
      "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
      "550 5.7.606 Access denied, banned sending IP",
    ],
  })`
    The server does not accept mail from the address of this Postkey server.
    The IP address has a bad reputation or none yet, or the organisation is new. The sender and the token are right.
    Send from another IP address, for example through a fixed one with a good reputation.
    Ask for the address to be delisted on Microsoft's delist page.
    If the organisation is new or on trial, ask Microsoft's support to lift its limit.`,
  entry("smtp.recipient_quota", OWNER_WAITS, {
    says: ["554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException"],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  })`
    The mailbox has reached its limit of recipients for a day.
    Exchange Online lets a mailbox write to 10,000 recipients in 24 hours.
    ${wait`Wait until the next day. Then send the unsent messages again.`}
    Use a service made for bulk mail for newsletters and the like.`,
];
