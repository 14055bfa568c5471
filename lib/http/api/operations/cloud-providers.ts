import { z } from "zod";
import type { Actor } from "@/lib/kernel/actor";
import { updateClientSecret } from "@/lib/registrations/change-credential";
import { changeSecretExpiry } from "@/lib/registrations/credentials/mutations";
import { createCloudProvider, deleteCloudProvider } from "@/lib/registrations/mutations";
import {
  findCloudProvider,
  findEditedProvider,
  listCloudProviders,
  providerNotFound,
  withShownState,
} from "@/lib/registrations/queries";
import { proofShape, providerRowSchema, providerSchema } from "@/lib/registrations/rows/schema";
import { updateCloudProvider } from "@/lib/sign-ins/mailboxes/mutations";
import { connectApplication } from "@/lib/sign-ins/mutations";
import { resourceOperations } from "../editing";
import { created, done, made, ok, operationsOf, pageOf } from "../operation";

const tag = "Cloud providers";
const { command, define } = operationsOf(tag);
const ELSEWHERE =
  "If secrets would go to another application, tenant, cloud or host, `replacement` needs the credential for it, and mailboxes have to sign in again. A `replacement` that is in use already keeps the expiry that is stored for it.";

export const listCloudProvidersOperation = define({
  at: "listCloudProviders: GET /api/cloudProviders",
  summary: "Cloud providers, a page at a time",
  permission: "providers:read",
  query: listCloudProviders.querySchema(),
  answer: ok("A page.", pageOf(providerRowSchema)),
  async handle({ actor, query }) {
    const { rows, ...page } = await listCloudProviders(actor, query);
    return { ...page, rows: rows.map(withShownState) };
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

export const createCloudProviderOperation = command(createCloudProvider, {
  at: "createCloudProvider: POST /api/cloudProviders",
  summary: "Register a cloud provider",
  description:
    "The registration is proved at the identity platform before anything is saved. While the platform can't be asked, it is saved all the same, with `proved: false` and the reason.",
  errors: ["conflict"],
  answer: made("It was registered.", created.extend(proofShape)),
});

export const cloudProviderOperations = resourceOperations({
  name: "CloudProvider",
  tag,
  answer: providerSchema,
  find: findShown,
  findEdited: findEditedProvider,
  update: updateCloudProvider,
  notFound: providerNotFound,
  answered: "The provider, without its secret.",
  put: { description: ELSEWHERE },
  patch: { description: ELSEWHERE },
});

export const updateClientSecretOperation = command(updateClientSecret, {
  at: "updateClientSecret: PUT /api/cloudProviders/{cloudProviderId}/clientSecret",
  summary: "Update the client secret",
  description:
    "Postkey tries the new secret first, and keeps the old one for a while. No one has to sign in again. A secret that is in use already is tried again: nothing is replaced, and `secretExpiresOn` is taken only if no expiry is stored. To correct the expiry, use `changeSecretExpiry`. Of two secrets that are sent at once, one is refused (`stale`).",
  errors: ["stale"],
  answer: done("The secret works and is in use."),
});

export const changeSecretExpiryOperation = command(changeSecretExpiry, {
  at: "changeSecretExpiry: PUT /api/cloudProviders/{cloudProviderId}/clientSecret/expiry",
  summary: "Change when the client secret expires",
  description:
    "The day on which the secret in use expires, as the identity platform says. The secret stays as it is. Postkey knows the day of a secret that it created: `conflict`.",
  errors: ["conflict", "stale"],
  answer: done("It was saved."),
});

export const deleteCloudProviderOperation = command(deleteCloudProvider, {
  at: "deleteCloudProvider: DELETE /api/cloudProviders/{cloudProviderId}",
  isVersioned: true,
  summary: "Delete a cloud provider",
  description:
    "With its secret and its sign-ins. Accounts that use it are switched off; `acceptedAccounts` says how many that may be.",
  query: z.strictObject({
    acceptedAccounts: z.coerce
      .number()
      .int()
      .min(0)
      .default(0)
      .describe(
        "The number of accounts that may stop working with it. If more would, nothing is deleted (`conflict`).",
      ),
  }),
  errors: ["conflict"],
  answer: done("It was deleted."),
});

export const connectCloudProviderOperation = command(connectApplication, {
  at: "connectCloudProvider: POST /api/cloudProviders/{cloudProviderId}/connection",
  summary: "Connect an application that signs in by itself",
  description:
    "For a provider whose `grant` is `app_only`: no one signs in, and every account of the provider uses this one authorization. Elsewhere `conflict`.",
  errors: ["conflict", "unprocessable"],
  answer: ok(
    "It is connected.",
    z.object({
      missing: z.array(z.string()).describe("The permissions for mail that were not granted."),
    }),
  ),
});
