import { z } from "zod";
import { filledIn, idSchema, onceValid, variantSchema } from "@/lib/kernel/fields/schema";
import type { ServiceId } from "@/lib/oauth/schema";
import type { RefusedState } from "@/lib/remedies/remedy";
import {
  clientSecretSchema,
  credentialInputSchema,
  firstCredentialSchema,
  secretExpiryField,
} from "./credentials/schema";
import type { ProviderHosts } from "./hosts/schema";
import { googleFields, refuseOtherClient } from "./registration/google/schema";
import { microsoftFields } from "./registration/schema";

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

export const updateClientSecretSchema = z.strictObject({
  cloudProviderId: idSchema,
  clientSecret: clientSecretSchema,
  secretExpiresOn: secretExpiryField,
});

export const deleteCloudProviderSchema = z.strictObject({
  id: idSchema,
  /** The number of accounts that the person was told would stop. */
  acceptedAccounts: z.number().int().min(0),
});

export type CreateCloudProvider = z.output<typeof createCloudProviderSchema>;
export type UpdateCloudProvider = z.output<typeof updateCloudProviderSchema>;

/** The worst first, as in the function provider_state_rank. */
export const PROVIDER_STATES = [
  "locked",
  "fix_registration",
  "sign_in_again",
  "retrying",
  "not_signed_in",
  "connected",
] as const;
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

export const providerUseSchema = z.strictObject({ cloudProviderId: idSchema });

export type ProviderUse = { accounts: { id: string; name: string }[]; accountCount: number };

export type CloudChoice = {
  hosts: ProviderHosts;
  id: string;
  service: ServiceId;
  label: string;
  portal: string;
  hasGraph: boolean;
};

export const restoreClientSecretSchema = z.strictObject({
  cloudProviderId: idSchema,
  version: z.number().int().min(1),
});

export const setAutoRotateSchema = z.strictObject({
  cloudProviderId: idSchema,
  autoRotate: z.boolean(),
});
export const rotateClientSecretSchema = z.strictObject({
  cloudProviderId: idSchema,
  /** The version of the secret that the person saw in use. */
  version: z.number().int().min(1),
});
