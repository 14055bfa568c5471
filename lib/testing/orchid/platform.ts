import { type Platform, UNKNOWN_SENDING_LIMITS } from "@/lib/oauth/platform/schema";

/** The row: an identity platform that there is not, with rules that neither of the others has together. */
export const ORCHID = {
  label: "Orchid",
  brand: "Orchid",
  redirectRefusal: "unknown redirect",
  missingGrant: "Sign in again, and water the permission.",
  secretExpiryHint: "Orchid's secrets wither when somebody plucks them.",
  endlessSecrets: {
    effect: "It works until somebody plucks it at Orchid.",
    step: "Grow another one in the greenhouse.",
    reminder: "Grow another secret in the greenhouse, and enter it here.",
  },
  mail: {
    orchid_mail: {
      label: "Orchid Mail",
      hostsAt: "provider",
      hosts: null,
      isInClouds: true,
      hasSharedMailboxes: false,
      hasProtocolSwitches: false,
      hasReadableTokens: true,
      sending: UNKNOWN_SENDING_LIMITS,
      passwordEnds: [
        {
          protocols: ["imap", "pop3", "smtp"],
          state: "ends",
          day: "2027-01-31",
          text: "Orchid withers passwords in January.",
          source: null,
        },
      ],
    },
  },
} as const satisfies Platform;
