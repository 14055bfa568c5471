import {
  ALL_PROTOCOLS,
  type Platform,
  UNKNOWN_SENDING_LIMITS,
  usualHosts,
} from "../platform/schema";

export const GOOGLE_MAIL_HOSTS = usualHosts("imap.gmail.com", "smtp.gmail.com", "pop.gmail.com");

export const GOOGLE = {
  label: "Google",
  brand: "Google",
  redirectRefusal: "redirect_uri_mismatch",
  // One permission covers all of mail: a sign-in without it is refused.
  missingGrant: null,
  secretExpiryHint:
    "Google's secrets do not expire. Postkey reminds you to replace this one by this day.",
  endlessSecrets: {
    effect: "It works until it is deleted at Google.",
    step: "Create a new one in the Google Cloud console, enter it here, and delete the old one there.",
    reminder:
      "Create another secret of the OAuth client, press Update Client Secret at the cloud provider, and delete the old one at Google.",
  },
  mail: {
    gmail: {
      label: "Gmail",
      hostsAt: "service",
      hosts: GOOGLE_MAIL_HOSTS,
      isInClouds: true,
      hasSharedMailboxes: false,
      hasProtocolSwitches: false,
      hasGraph: false,
      hasReadableTokens: false,
      // support.google.com/a/answer/166852; other limits are not published.
      sending: { ...UNKNOWN_SENDING_LIMITS, recipientsPerDay: 10_000 },
      passwordEnds: [
        {
          protocols: ALL_PROTOCOLS,
          state: "restricted",
          day: "2025-05-01",
          text: "Google no longer accepts account passwords. App passwords work where 2-Step Verification is on and the domain allows them.",
          source: "https://support.google.com/a/answer/14114704",
        },
      ],
    },
  },
} as const satisfies Platform;
