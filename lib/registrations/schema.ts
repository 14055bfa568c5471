import { z } from "zod";
import { DAY_MS, ENDS_SOON_DAYS } from "@/lib/kernel/clock";
import {
  daySchema,
  filledIn,
  idSchema,
  onceValid,
  variantSchema,
} from "@/lib/kernel/fields/schema";
import { words } from "@/lib/kernel/words";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import type { Finding, ServiceId } from "@/lib/oauth/schema";
import type { RefusedState, Remedy } from "@/lib/remedies/remedy";
import {
  clientSecretSchema,
  credentialInputSchema,
  firstCredentialSchema,
  secretExpiryField,
} from "./credentials/schema";
import { googleFields, refuseOtherClient } from "./registration/google/schema";
import { microsoftFields, type ProviderHosts } from "./registration/schema";

export type { Grant, ServiceId } from "@/lib/oauth/schema";

type Ids = { clientId: string; tenantId: string };

function refuseSameIds({ clientId, tenantId }: Ids, context: z.RefinementCtx): void {
  if (clientId !== tenantId) return;
  const message =
    "The application id and the tenant id are the same. One of them was pasted twice.";
  context.addIssue({ code: "custom", message, path: ["tenantId"] });
}

const created = {
  credential: firstCredentialSchema.describe(
    "The credential that proves the application's identity. Write-only: it is tried before it is saved.",
  ),
  /** There is one right value: a caller that sends another one is told. */
  redirectUri: z.string().max(2_048).optional(),
};

const NO_SERVICE = "Choose a service.";

export const createCloudProviderSchema = variantSchema(
  "service",
  [
    z.strictObject({ ...microsoftFields, ...created }),
    z.strictObject({ ...googleFields, ...created }).superRefine(refuseOtherClient),
  ],
  NO_SERVICE,
).superRefine(refuseSameIds, onceValid("clientId", "tenantId"));

const edited = {
  id: idSchema,
  version: z.number().int().positive(),
  replacement: filledIn(credentialInputSchema.nullable(), null).describe(
    "Another credential, for an edit that makes it another application. Null keeps the stored one. Write-only.",
  ),
};

export const updateCloudProviderSchema = variantSchema(
  "service",
  [
    z.strictObject({ ...microsoftFields, ...edited }),
    z.strictObject({ ...googleFields, ...edited }).superRefine(refuseOtherClient),
  ],
  NO_SERVICE,
).superRefine(refuseSameIds, onceValid("clientId", "tenantId"));

export const providerUseSchema = z.strictObject({ cloudProviderId: idSchema });

export const updateClientSecretSchema = providerUseSchema.extend({
  clientSecret: clientSecretSchema,
  secretExpiresOn: secretExpiryField,
});

export const deleteCloudProviderSchema = z.strictObject({
  id: idSchema,
  /** The number of accounts that the person was told would stop. */
  acceptedAccounts: z.number().int().min(0),
});

export type UpdateCloudProvider = z.output<typeof updateCloudProviderSchema>;

/** The worst first, as in the function provider_state_rank. */
export const PROVIDER_STATES = words(
  "locked fix_registration sign_in_again retrying not_signed_in connected",
);
export type ProviderState = (typeof PROVIDER_STATES)[number];

/** How one of its authorizations stands; a provider as the worst of them. */
export type SignInState = Exclude<ProviderState, "not_signed_in">;

/** How a provider stands for people: with the refusals that a new sign-in does not lift. */
export type ShownProviderState = ProviderState | RefusedState;

/** Microsoft, "Redirect URI (reply URL) restrictions and limitations". @returns null if exact */
export function redirectUriProblem(text: string, expected: string): string | null {
  if (text === expected) return null;
  return `The identity platform compares every character, including capitals. Use exactly ${expected}`;
}

export type ProviderUse = { accounts: { id: string; name: string }[]; accountCount: number };

export type CloudChoice = {
  hosts: ProviderHosts;
  id: string;
  service: ServiceId;
  label: string;
  portal: string;
  hasGraph: boolean;
};

export const restoreClientSecretSchema = providerUseSchema.extend({
  version: z.number().int().min(1),
});

export const setAutoRotateSchema = providerUseSchema.extend({ autoRotate: z.boolean() });
export const rotateClientSecretSchema = providerUseSchema.extend({
  /** The version of the secret that the person saw in use. */
  version: z.number().int().min(1),
});

export type PreflightFinding = Pick<Finding, "subject" | "verdict"> & {
  remedy: Remedy | null;
  otherCloud: string | null;
};

export const SHOWN_PROVIDER_STATES = words(
  "locked fix_registration blocked_by_policy refused sign_in_again retrying not_signed_in",
  "connected",
) satisfies readonly ShownProviderState[];

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

/** `waiting`: the new secret is not accepted yet. `superseded`: another change was faster. */
export type RotationResult =
  | { kind: "rotated" }
  | { kind: "not_due" }
  | { kind: "superseded" }
  | { kind: "waiting"; madeAt: Date }
  | { kind: "failed"; failureId: string };

/** When pages would begin to warn. */
const ROTATE_BEFORE_END_MS = ENDS_SOON_DAYS * DAY_MS;

/** By then it was tried for ten days, and people are reminded as of any other secret. */
export const ROTATION_LATE_DAYS = 20;

export function rotatesAt(expiresAt: Date): Date {
  return new Date(expiresAt.getTime() - ROTATE_BEFORE_END_MS);
}
