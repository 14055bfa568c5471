import { z } from "zod";
import { daySchema } from "@/lib/kernel/fields/schema";
import { PLATFORM_TABLE, type ServiceId } from "@/lib/oauth/schema";
import { PROVIDER_STATES, type ProviderState, type ShownProviderState } from "../schema";

export const PROVIDER_VIEWS = [
  "attention",
  "not_signed_in",
  "expiring",
  "expired",
  "unused",
] as const;
export type ProviderView = (typeof PROVIDER_VIEWS)[number];

export const PROVIDER_VIEW_LABELS: Readonly<Record<ProviderView, string>> = {
  attention: "Needs attention",
  not_signed_in: "Not signed in",
  expiring: "Secret expiring",
  expired: "Secret expired",
  unused: "Unused",
};

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

export const ATTENTION_STATES = [
  "locked",
  "fix_registration",
  "sign_in_again",
] as const satisfies readonly ProviderState[];

const SERVICE_IDS = Object.keys(PLATFORM_TABLE) as [ServiceId, ...ServiceId[]]; // the keys are that
const CLOUD_MAX = 64;
const NO_SUCH_STATE = { error: "This state does not exist." };

/** What ends at a provider: a credential that does not end by itself is replaced on a day. */
export const EXPIRY_KINDS = ["secret", "certificate", "replacement", "sign_in"] as const;
export type ExpiryKind = (typeof EXPIRY_KINDS)[number];

export const cloudProviderFilterSchema = z.object({
  view: z.enum(PROVIDER_VIEWS, { error: "This view does not exist." }).optional(),
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
