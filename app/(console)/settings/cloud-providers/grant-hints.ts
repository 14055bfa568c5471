import type { Grant } from "@/lib/registrations/schema";

export const GRANT_HINTS = {
  delegated: "The usual way: the sign-in page opens here, once per mailbox.",
  device_code:
    "For owners who can't sign in on this computer: they enter a code on another device.",
  app_only: "No one signs in. One credential opens every mailbox that the application was granted.",
  domain_wide:
    "For Google Workspace. No one signs in: one key opens every mailbox of a domain that authorised the account.",
} as const satisfies Record<Grant, string>;
