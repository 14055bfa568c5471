import { z } from "zod";
import { daySchema } from "@/lib/kernel/fields/schema";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { PROVIDER_STATES, type ShownProviderState } from "../schema";

/** Every one of them, what needs a person first. */
export const SHOWN_PROVIDER_STATES = [
  "locked",
  "fix_registration",
  "blocked_by_policy",
  "refused",
  "sign_in_again",
  "retrying",
  "not_signed_in",
  "connected",
] as const satisfies readonly ShownProviderState[];

const CLOUD_MAX = 64;
const NO_SUCH_STATE = { error: "This state does not exist." };

/** What ends at a provider: a credential that does not end by itself is replaced on a day. */
export const EXPIRY_KINDS = ["secret", "certificate", "replacement", "sign_in"] as const;
export type ExpiryKind = (typeof EXPIRY_KINDS)[number];

export const cloudProviderFilterSchema = z.object({
  state: z.enum(PROVIDER_STATES, NO_SUCH_STATE).optional(),
  shownState: z
    .enum(SHOWN_PROVIDER_STATES, NO_SUCH_STATE)
    .optional()
    .describe("Only the providers in this state, as the console shows it."),
  service: z.enum(SERVICE_IDS, { error: "This service does not exist." }).optional(),
  cloud: z
    .string()
    .max(CLOUD_MAX)
    .regex(/^[\w.-]+$/, "This cloud does not exist.")
    .optional(),
  expires: z
    .enum(EXPIRY_KINDS, { error: "This does not exist." })
    .optional()
    .describe(
      "The kind of thing that ends at a provider: a `secret`, a `certificate`, a credential to be replaced (`replacement`) or sign-ins that are not renewed (`sign_in`). Left out, any credential.",
    ),
  expiresFrom: daySchema.optional().describe("Only what ends on this day or later, in UTC."),
  expiresTo: daySchema.optional().describe("Only what ends on this day or before, in UTC."),
});
export type CloudProviderFilters = z.output<typeof cloudProviderFilterSchema>;
