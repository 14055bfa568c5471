import type { Grant } from "@/lib/registrations/schema";

/** What each way of signing in means, under the field that asks for it. */
export const GRANT_HINTS = {
  delegated: "The usual way: the sign-in page opens here, once per mailbox.",
  device_code: "For whoever cannot sign in on this computer: a code is typed on another device.",
  app_only:
    "Nobody signs in. One credential then opens every mailbox that the application was granted.",
  domain_wide:
    "For Google Workspace. Nobody signs in: one key opens every mailbox of a domain that let the account in.",
} as const satisfies Record<Grant, string>;
