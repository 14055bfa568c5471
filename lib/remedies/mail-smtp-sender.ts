import { MAILBOX } from "./commands";
import { EXCHANGE } from "./portal";
import type { Written } from "./remedy";

/** What SMTP servers say about who sends, and from where. */
export const SMTP_SENDER_REMEDIES = [
  {
    id: "smtp.mailbox_full",
    title: "The mailbox is full.",
    cause: "Copies of sent mail count against its size.",
    steps: ["Empty Sent Items or archive them.", "Set a retention policy for the mailbox."],
    who: "mailbox_owner",
    command: MAILBOX.showSize,
    link: EXCHANGE.mailboxes,
    says: ["554 5.2.2 mailbox full"],
    source:
      "https://learn.microsoft.com/exchange/troubleshoot/send-emails/smtp-submission-improvements",
  },
  {
    id: "smtp.sender_refused",
    title: "The SMTP server does not accept this sender.",
    cause: "The Email Address is not one that this server sends for.",
    steps: ["Check the Email Address of the account.", "Read the server's words below."],
    command: MAILBOX.showAddresses,
    says: ["553 5.1.7 Invalid address"],
    source: "https://www.rfc-editor.org/rfc/rfc5321#section-3.3",
  },
] as const satisfies readonly Written[];
