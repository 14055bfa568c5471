import { MAILBOX, NETWORK } from "./commands";
import { ENTERPRISE, EXCHANGE } from "./portal";
import type { Entry } from "./remedy";
import { run, wait } from "./steps";

const NDR_CODES =
  "https://learn.microsoft.com/exchange/mail-flow-best-practices/non-delivery-reports-in-exchange-online/non-delivery-reports-in-exchange-online";

/** What SMTP servers say about who sends, and from where. */
export const SMTP_SENDER_REMEDIES: readonly Entry[] = [
  {
    id: "smtp.no_mailbox_rights",
    title: "The application may not use this mailbox.",
    cause: "It signs in for itself, and no one has given it rights on the mailbox.",
    steps: [
      run`Give the application's service principal Full Access with {command}.`,
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
      run`Give the account that signed in Send As on the mailbox with {command}.`,
      "Or use its own address as Email Address.",
    ],
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
      "Secure the account: set a new password and remove unknown forwarding rules.",
      "Unblock it under Restricted entities in Microsoft Defender.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: {
      label: "Restricted entities",
      url: "https://security.microsoft.com/restrictedentities",
    },
    command: MAILBOX.showSender,
    says: [
      "550 5.1.8 Access denied, bad outbound sender",
      "550 5.7.501 Access denied, spam abuse detected",
    ],
    source:
      "https://learn.microsoft.com/defender-office-365/outbound-spam-restore-restricted-users",
  },
  {
    id: "smtp.tenant_blocked",
    title: "The organisation is blocked from sending because of suspicious mail.",
    cause: "Microsoft saw too much spam, or mail of unregistered domains, from this organisation.",
    steps: [
      "Find and secure the accounts that sent it: the message trace shows them.",
      "Ask Microsoft's support to lift the block.",
    ],
    who: "tenant_administrator",
    retry: "after_fix",
    link: {
      label: "Restricted entities",
      url: "https://security.microsoft.com/restrictedentities",
    },
    command: MAILBOX.showSender,
    says: ["550 5.7.705 Access denied, tenant has exceeded threshold"],
    source: NDR_CODES,
  },
  {
    id: "smtp.address_refused",
    title: "The server does not accept mail from the address of this Postkey server.",
    cause:
      "The IP address has a bad reputation or none yet, or the organisation is new. The sender and the token are right.",
    steps: [
      "Send from another IP address, for example through a fixed one with a good reputation.",
      "Ask for the address to be delisted on Microsoft's delist page.",
      "If the organisation is new or on trial, ask Microsoft's support to lift its limit.",
    ],
    who: "postkey_administrator",
    retry: "after_fix",
    link: { label: "Delist page", url: "https://sender.office.com" },
    command: NETWORK.showAddress,
    says: [
      "550 5.7.708 Service unavailable. Access denied, traffic not accepted from this IP",
      "550 5.7.606 Access denied, banned sending IP",
    ],
    source: NDR_CODES,
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
    title: "The mailbox has reached its limit of recipients for a day.",
    cause: "Exchange Online lets a mailbox write to 10,000 recipients in 24 hours.",
    steps: [
      wait`Wait until the next day. Then send the unsent messages again.`,
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
