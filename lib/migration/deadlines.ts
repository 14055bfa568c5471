import type { MailService } from "@/lib/mail/schema";
import type { PasswordEnd } from "./schema";

const MICROSOFT_SMTP = "https://mc.merill.net/message/MC786329";
const MICROSOFT_IMAP =
  "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online";

/**
 * What happens to accounts that sign in with a password, by service and protocol, with the page that
 * says so. Dates are ISO days; null where none was announced.
 */
const ENDS: Readonly<Record<MailService, readonly PasswordEnd[]>> = {
  outlook365: [
    {
      protocols: ["imap", "pop3"],
      state: "ended",
      day: "2023-01-31",
      text: "Exchange Online no longer accepts passwords for IMAP and POP3.",
      source: MICROSOFT_IMAP,
    },
    {
      protocols: ["smtp"],
      state: "ends",
      day: "2026-12-31",
      text: "Switched off for SMTP at the end of December 2026. An administrator may switch it on again until the final date, which Microsoft announces in the second half of 2027.",
      source: MICROSOFT_SMTP,
    },
  ],
  outlook_com: [
    {
      protocols: ["imap", "pop3", "smtp"],
      state: "ended",
      day: "2024-09-16",
      text: "Outlook.com no longer accepts passwords.",
      source: "https://support.microsoft.com/office/c5d65390-9676-4763-b41f-d7986499a90d",
    },
  ],
  gmail: [
    {
      protocols: ["imap", "pop3", "smtp"],
      state: "restricted",
      day: "2025-05-01",
      text: "Google no longer accepts account passwords. App passwords work where 2-Step Verification is on and the domain allows them.",
      source: "https://support.google.com/a/answer/14114704",
    },
  ],
  yahoo: [
    {
      protocols: ["imap", "pop3", "smtp"],
      state: "restricted",
      day: null,
      text: "Yahoo accepts only app passwords.",
      source: "https://help.yahoo.com/kb/SLN15241.html",
    },
  ],
  custom: [
    {
      protocols: ["imap", "pop3", "smtp"],
      state: "unknown",
      day: null,
      text: "The operator of the server decides how long it accepts passwords.",
      source: null,
    },
  ],
};

export function passwordEnds(service: MailService): readonly PasswordEnd[] {
  return ENDS[service];
}
