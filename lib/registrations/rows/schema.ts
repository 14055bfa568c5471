import { z } from "zod";
import { shownHostsSchema } from "@/lib/egress/schema";
import * as is from "@/lib/kernel/answers/schema";
import { SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { ACCOUNT_TYPES, GRANTS } from "@/lib/oauth/schema";
import { type CredentialInput, credentialInputSchema } from "../credentials/schema";
import { PROVIDER_STATES, SHOWN_PROVIDER_STATES } from "../schema";

export const grantSchema = z.enum(GRANTS);

export type CredentialKind = CredentialInput["kind"];

export const providerRowSchema = z.object({
  id: is.id,
  name: is.text,
  service: z
    .enum(SERVICE_IDS)
    .describe("The identity platform at which the application is registered."),
  cloud: is.text.describe(
    "The id of a cloud: that of the service, a national one, or one of the operator's file.",
  ),
  grant: grantSchema.describe(
    "The way mailboxes sign in: `delegated` in a browser, `device_code` with a code on another device, `app_only` and `domain_wide` without a person.",
  ),
  state: z.enum(PROVIDER_STATES),
  shownState: z
    .enum(SHOWN_PROVIDER_STATES)
    .describe(
      "The state as the console shows it: `refused` and `blocked_by_policy` where a new sign-in does not help.",
    ),
  failureId: is.maybeText.describe("An entry of the error catalogue."),
  redirectFailureId: is.maybeText.describe(
    "The problem with the redirect URI, which stops new sign-ins alone; null if none is known.",
  ),
  usernames: is.texts.describe("The people who are signed in, newest first, three at most."),
  authorizationCount: is.count.describe("Number of identities that are signed in."),
  accountCount: is.count,
  pausedUntil: is.maybeTime.describe(
    "Until when the platform asked Postkey to wait; null when it did not.",
  ),
  credentialKind: z
    .enum(credentialInputSchema.options.map(({ shape }) => shape.kind.value))
    .describe("The kind of the credential in use."),
  secretExpiresAt: is.maybeTime.describe(
    "When the credential in use expires. Null if it does not.",
  ),
  createdAt: is.time,
});

export const proofShape = {
  proved: is.flag.describe("Whether the identity platform accepted the credential in use."),
  proofFailureId: is.maybeText.describe(
    "Why it could not be proved yet: an entry of the error catalogue.",
  ),
};

export const providerSchema = z.object({
  ...providerRowSchema.shape,
  ...proofShape,
  type: is.text.describe("The mail service, by the name that its platform uses."),
  accountTypes: z
    .enum(ACCOUNT_TYPES)
    .describe(
      "The accounts that may sign in: those of one tenant, of any organisation, or personal accounts as well.",
    ),
  clientId: is.text.describe(
    "The application (client) id: a GUID at Microsoft; digits, or a name that ends in .apps.googleusercontent.com, at Google.",
  ),
  tenantId: is.text.describe(
    "The directory (tenant) id, a GUID or a domain. At Google, the Workspace domain, or empty for any account.",
  ),
  redirectUri: is.text.describe(
    "The address to which the platform sends browsers back. There is one right value, so it may be left out.",
  ),
  hosts: z
    .object({
      authority: is.text.describe("The origin of the sign-in servers."),
      scopeHost: is.text.describe("The origin that scopes of mail begin with."),
      graph: is.text.describe("The origin of Microsoft Graph. Empty where the cloud has none."),
      mail: shownHostsSchema.describe("The mail servers."),
    })
    .nullable()
    .describe("Null where the cloud says all of them."),
  version: is.version,
  credentialVersion: is.maybeCount.describe(
    "The version of the credential in use: a new number with each one that replaces it.",
  ),
});

export type CloudProviderRow = Omit<z.input<typeof providerRowSchema>, "shownState"> & {
  /** Why those sign-ins were refused that a person has to do something about. */
  refusals: (string | null)[];
  secretHint: string | null;
};
