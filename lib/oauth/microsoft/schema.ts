import {
  ALL_PROTOCOLS,
  type Platform,
  UNKNOWN_SENDING_LIMITS,
  usualHosts,
} from "../platform/schema";

const SMTP_NEWS = "https://mc.merill.net/message/MC786329";
const IMAP_NEWS =
  "https://learn.microsoft.com/exchange/clients-and-mobile-in-exchange-online/deprecation-of-basic-authentication-exchange-online";

/** learn.microsoft.com, Exchange Online limits. Connections: Exchange Team blog, April 2018. */
const EXCHANGE_ONLINE_LIMITS = { connections: 3, messagesPerMinute: 30, recipientsPerDay: 10_000 };

export const MICROSOFT = {
  label: "Microsoft Azure",
  brand: "Microsoft",
  redirectRefusal: "AADSTS50011",
  missingGrant:
    "Add the missing permission to the app registration (API permissions), then sign in again.",
  secretExpiryHint:
    "As you chose at Microsoft, whose default is 6 months (180 days). Postkey reminds you in time.",
  endlessSecrets: null,
  mail: {
    outlook365: {
      label: "Outlook365",
      hostsAt: "provider",
      hosts: null,
      isInClouds: true,
      hasSharedMailboxes: true,
      hasProtocolSwitches: true,
      hasGraph: true,
      hasReadableTokens: true,
      sending: EXCHANGE_ONLINE_LIMITS,
      passwordEnds: [
        {
          protocols: ["imap", "pop3"],
          state: "ended",
          day: "2023-01-31",
          text: "Exchange Online no longer accepts passwords for IMAP and POP3.",
          source: IMAP_NEWS,
        },
        {
          protocols: ["smtp"],
          state: "ends",
          day: "2026-12-31",
          text: "Switched off for SMTP at the end of December 2026. An administrator may switch it on again until the final date, which Microsoft announces in the second half of 2027.",
          source: SMTP_NEWS,
        },
      ],
    },
    outlook_com: {
      label: "Outlook.com",
      hostsAt: "service",
      hosts: usualHosts("outlook.office365.com", "smtp-mail.outlook.com", "outlook.office365.com"),
      isInClouds: false,
      hasSharedMailboxes: false,
      hasProtocolSwitches: false,
      hasGraph: false,
      hasReadableTokens: false,
      sending: UNKNOWN_SENDING_LIMITS,
      passwordEnds: [
        {
          protocols: ALL_PROTOCOLS,
          state: "ended",
          day: "2024-09-16",
          text: "Outlook.com no longer accepts passwords.",
          source: "https://support.microsoft.com/office/c5d65390-9676-4763-b41f-d7986499a90d",
        },
      ],
    },
  },
} as const satisfies Platform;
