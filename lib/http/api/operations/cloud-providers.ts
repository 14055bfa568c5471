import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { ACCOUNT_TYPES, grantSchema } from "@/lib/oauth/schema";
import { changeSecretExpiry } from "@/lib/registrations/credentials/mutations";
import {
  changeSecretExpirySchema,
  credentialInputSchema,
} from "@/lib/registrations/credentials/schema";
import { SHOWN_PROVIDER_STATES } from "@/lib/registrations/filters/schema";
import { createCloudProvider, deleteCloudProvider } from "@/lib/registrations/mutations";
import {
  findCloudProvider,
  findEditedProvider,
  listCloudProviders,
  providerNotFound,
} from "@/lib/registrations/queries";
import {
  createCloudProviderSchema,
  PROVIDER_STATES,
  updateClientSecretSchema,
  updateCloudProviderSchema,
} from "@/lib/registrations/schema";
import { withShownState } from "@/lib/registrations/shown-state";
import { updateClientSecret } from "@/lib/registrations/update-client-secret";
import { updateCloudProvider } from "@/lib/sign-ins/update-cloud-provider";
import { created, hosts, idParam, pageOf, timestamp } from "../answers";
import { editOperations } from "../edit-operations";
import { defineOperation } from "../operation";

const tag = "Cloud providers";
const ELSEWHERE =
  "If secrets would go to another application, tenant, cloud or host, `replacement` needs the credential for it, and mailboxes have to sign in again. A `replacement` that is in use already keeps the expiry that is stored for it.";
const params = z.object({ cloudProviderId: idParam });

const row = z.object({
  id: z.uuid(),
  name: z.string(),
  service: z.enum(SERVICE_IDS),
  cloud: z.string(),
  grant: grantSchema,
  state: z.enum(PROVIDER_STATES),
  shownState: z
    .enum(SHOWN_PROVIDER_STATES)
    .describe(
      "The state as the console shows it: `refused` and `blocked_by_policy` where a new sign-in does not help.",
    ),
  failureId: z.string().nullable().describe("An entry of the error catalogue."),
  redirectFailureId: z
    .string()
    .nullable()
    .describe(
      "The problem with the redirect URI, which stops new sign-ins alone; null if none is known.",
    ),
  usernames: z
    .array(z.string())
    .describe("The people who are signed in, newest first, three at most."),
  authorizationCount: z.number().int(),
  accountCount: z.number().int(),
  pausedUntil: timestamp
    .nullable()
    .describe("Until when the platform asked Postkey to wait; null when it did not."),
  credentialKind: z.enum(credentialInputSchema.options.map(({ shape }) => shape.kind.value)),
  secretExpiresAt: timestamp.nullable(),
  createdAt: timestamp,
});

const proof = {
  proved: z.boolean().describe("Whether the identity platform accepted the credential in use."),
  proofFailureId: z
    .string()
    .nullable()
    .describe("Why it could not be proved yet: an entry of the error catalogue."),
};

const provider = z.object({
  ...row.shape,
  ...proof,
  type: z.string(),
  accountTypes: z.enum(ACCOUNT_TYPES),
  clientId: z.string(),
  tenantId: z.string(),
  redirectUri: z.string(),
  hosts: z
    .object({
      authority: z.string(),
      scopeHost: z.string(),
      graph: z.string(),
      mail: hosts,
    })
    .nullable()
    .describe("Null where the cloud says all of them."),
  version: z.number().int(),
  credentialVersion: z
    .number()
    .int()
    .nullable()
    .describe("The version of the credential in use: a new number with each one that replaces it."),
});

export const listCloudProvidersOperation = defineOperation({
  id: "listCloudProviders",
  method: "GET",
  path: "/api/cloudProviders",
  tag,
  summary: "Cloud providers, a page at a time",
  permission: "providers:read",
  query: listCloudProviders.querySchema(),
  answer: { status: 200, description: "A page.", schema: pageOf(row) },
  async handle({ actor, query }) {
    const { rows, ...page } = await listCloudProviders(actor, query);
    return { ...page, rows: rows.map(withShownState) };
  },
});

export const getCloudProviderOperation = defineOperation({
  id: "getCloudProvider",
  method: "GET",
  path: "/api/cloudProviders/{cloudProviderId}",
  tag,
  summary: "One cloud provider",
  permission: "providers:read",
  params,
  answer: { status: 200, description: "The provider, without its secret.", schema: provider },
  async handle({ actor, params: { cloudProviderId } }) {
    const found = await findShown(actor, cloudProviderId);
    if (!found) throw providerNotFound();
    return found;
  },
});

/** Hosts are shown where they differ from those of the cloud: as they are entered. */
async function findShown(actor: Actor, id: string) {
  const found = await findCloudProvider(actor, id);
  if (!found) return null;
  const { version = null, provedAt = null, refusedAs = null } = found.credentialInUse ?? {};
  const hosts = found.hasOwnHosts ? found.hosts : null;
  const proof = { proved: provedAt !== null, proofFailureId: provedAt ? null : refusedAs };
  return { ...withShownState(found), hosts, credentialVersion: version, ...proof };
}

export const createCloudProviderOperation = defineOperation({
  id: "createCloudProvider",
  method: "POST",
  path: "/api/cloudProviders",
  tag,
  summary: "Register a cloud provider",
  description:
    "The registration is proved at the identity platform before anything is saved. While the platform can't be asked, it is saved all the same, with `proved: false` and the reason.",
  permission: "providers:write",
  body: createCloudProviderSchema,
  errors: ["conflict"],
  answer: { status: 201, description: "It was registered.", schema: created.extend(proof) },
  async handle({ actor, body }) {
    const { isProved: proved, ...registered } = await createCloudProvider(actor, body);
    return { ...registered, proved };
  },
});

export const { put: updateCloudProviderOperation, patch: patchCloudProviderOperation } =
  editOperations({
    path: "/api/cloudProviders/{cloudProviderId}",
    idParameter: "cloudProviderId",
    tag,
    permission: "providers:write",
    put: { id: "updateCloudProvider", summary: "Change a cloud provider", description: ELSEWHERE },
    patch: {
      id: "patchCloudProvider",
      summary: "Change some fields of a cloud provider",
      description: ELSEWHERE,
    },
    editable: {
      schema: updateCloudProviderSchema,
      answer: provider,
      findEdited: findEditedProvider,
      update: updateCloudProvider,
      notFound: providerNotFound,
    },
  });

export const updateClientSecretOperation = defineOperation({
  id: "updateClientSecret",
  method: "PUT",
  path: "/api/cloudProviders/{cloudProviderId}/clientSecret",
  tag,
  summary: "Update the client secret",
  description:
    "Postkey tries the new secret first, and keeps the old one for a while. No one has to sign in again. A secret that is in use already is tried again: nothing is replaced, and `secretExpiresOn` is taken only if no expiry is stored. To correct the expiry, use `changeSecretExpiry`. Of two secrets that are sent at once, one is refused (`stale`).",
  permission: "providers:write",
  params,
  body: updateClientSecretSchema.omit({ cloudProviderId: true }),
  errors: ["stale"],
  answer: { status: 204, description: "The secret works and is in use." },
  async handle({ actor, params: { cloudProviderId }, body }) {
    await updateClientSecret(actor, { ...body, cloudProviderId });
    return undefined;
  },
});

export const changeSecretExpiryOperation = defineOperation({
  id: "changeSecretExpiry",
  method: "PUT",
  path: "/api/cloudProviders/{cloudProviderId}/clientSecret/expiry",
  tag,
  summary: "Change when the client secret expires",
  description:
    "The day on which the secret in use expires, as the identity platform says. The secret stays as it is. Postkey knows the day of a secret that it created: `conflict`.",
  permission: "providers:write",
  params,
  body: changeSecretExpirySchema.omit({ cloudProviderId: true }),
  errors: ["conflict", "stale"],
  answer: { status: 204, description: "It was saved." },
  async handle({ actor, params: { cloudProviderId }, body }) {
    await changeSecretExpiry(actor, { ...body, cloudProviderId });
    return undefined;
  },
});

export const deleteCloudProviderOperation = defineOperation({
  id: "deleteCloudProvider",
  method: "DELETE",
  isVersioned: true,
  path: "/api/cloudProviders/{cloudProviderId}",
  tag,
  summary: "Delete a cloud provider",
  description:
    "With its secret and its sign-ins. Accounts that use it are switched off; `acceptedAccounts` says how many that may be.",
  permission: "providers:write",
  params,
  query: z.strictObject({ acceptedAccounts: z.coerce.number().int().min(0).default(0) }),
  errors: ["conflict"],
  answer: { status: 204, description: "It was deleted." },
  async handle({ actor, params: { cloudProviderId }, query: { acceptedAccounts } }) {
    await deleteCloudProvider(actor, { id: cloudProviderId, acceptedAccounts });
    return undefined;
  },
});
