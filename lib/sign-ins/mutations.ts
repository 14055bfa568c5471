import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import {
  isSameDestination,
  type ProviderColumns,
  providerDestination,
} from "@/lib/installation/keys/destinations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import type { Destination } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { SignedInIdentity, SignIn } from "@/lib/oauth/service";
import type { Grant } from "@/lib/registrations/schema";
import { spendLinks } from "./links/store";
import { authorizationIdSchema, type Outcome } from "./schema";
import { letBeTested } from "./signed-in/mutations";
import { type PendingRequest, type PendingSignIn, saveOutcome } from "./store";
import { saveSignedIn } from "./tokens/store";

/** Who signed in, and where what they let us have may be sent. */
export type Redeemed = { signIn: PendingSignIn; destination: Destination };

/**
 * Stores who signed in with the tokens, and tells every open page. A person is known by object and
 * tenant id (OIDC `oid`, `tid`), whatever the name became; another person of the same name replaces.
 * @permission none: a part of completeAuthorization and confirmAuthorization.
 */
export async function saveAuthorization(
  actor: Actor,
  request: PendingRequest,
  { signIn: { identity, tokens, missingScopes }, destination }: Redeemed,
): Promise<Outcome> {
  const outcome: Outcome = {
    kind: "connected",
    username: identity.username,
    missingScopes,
  };
  await db().$transaction(async (tx) => {
    const provider = await requireUnchangedProvider(tx, request, destination);
    const authorizationId = await upsertIdentity(tx, request.cloudProviderId, {
      identity,
      grant: request.kind === "device_code" ? "device_code" : "delegated",
      scopes: tokens.scopes,
      signedInByName: request.startedByName ?? actor.name,
    });
    await saveSignedIn(tx, authorizationId, tokens);
    await letBeTested(tx, {
      cloudProviderId: request.cloudProviderId,
      username: emailKey(identity.username),
      testedByPage: testedByPage(request, missingScopes),
    });
    await tx.cloudProvider.update({
      where: { id: request.cloudProviderId },
      data: {
        failureId: null,
        failedAt: null,
        // A browser came back to it.
        ...(request.kind !== "device_code" && { redirectFailureId: null }),
      },
      select: { id: true },
    });
    await saveOutcome(tx, request.id, outcome);
    await spendLinks(tx, request, identity.username);
    await recordAudit(tx, actor, {
      action: "authorization.sign_in",
      object: { kind: "cloud_provider", id: request.cloudProviderId, name: provider.name },
      detail: { username: identity.username },
    });
    const text = `${provider.name}: ${identity.username} is signed in.`;
    await publish(tx, {
      type: "cloud_provider",
      id: request.cloudProviderId,
      message: { tone: "success", text, causedBy: actor.id },
    });
  });
  return outcome;
}

/** A browser that signed an account in goes back to its page, which tests it where nothing is missing. */
function testedByPage(
  { emailAccountId, signInLinkId }: PendingRequest,
  missingScopes: readonly string[],
): string | null {
  return signInLinkId === null && missingScopes.length === 0 ? emailAccountId : null;
}

type Connected = {
  cloudProviderId: string;
  name: string;
  providerVersion: number;
  destination: Destination;
};

/**
 * Stores what the application got for itself, the one authorization of such a provider.
 * @throws AppError invalid_request when the provider was changed meanwhile
 */
export async function saveApplication(
  actor: Actor,
  provider: Connected,
  { identity, tokens }: SignIn,
): Promise<void> {
  requirePermission(actor, "providers:write");
  const { cloudProviderId, name, destination } = provider;
  await db().$transaction(async (tx) => {
    await requireUnchangedProvider(tx, provider, destination);
    const { scopes } = tokens;
    const signedIn = { identity, grant: "app_only", scopes, signedInByName: actor.name } as const;
    const authorizationId = await upsertIdentity(tx, cloudProviderId, signedIn);
    await saveSignedIn(tx, authorizationId, tokens);
    await letBeTested(tx, { cloudProviderId, username: "", testedByPage: null });
    await tx.cloudProvider.update({
      where: { id: cloudProviderId },
      data: { failureId: null, failedAt: null },
      select: { id: true },
    });
    const object = { kind: "cloud_provider", id: cloudProviderId, name };
    await recordAudit(tx, actor, { action: "authorization.connect_application", object });
    const text = `${name}: the application is connected.`;
    const message = { tone: "success", text, causedBy: actor.id } as const;
    await publish(tx, { type: "cloud_provider", id: cloudProviderId, message });
  });
}

type LockedProvider = ProviderColumns & { name: string; version: number };

/**
 * @param destination where its tokens may be sent; null where there are none
 * @throws AppError invalid_request when the provider is another one than the code was asked for
 */
async function requireUnchangedProvider(
  tx: Transaction,
  request: Pick<PendingRequest, "cloudProviderId" | "providerVersion">,
  destination: Destination | null,
) {
  // The row stays locked, so that an edit waits until these tokens are stored or refused.
  const [provider] = await tx.$queryRaw<LockedProvider[]>`
    SELECT name, version, id AS "cloudProviderId", service, cloud, hosts, "clientId", "tenantId"
    FROM "CloudProvider" WHERE id = ${request.cloudProviderId}::uuid FOR UPDATE`;
  const isSame =
    provider?.version === request.providerVersion &&
    (destination === null || isSameDestination(providerDestination(provider), destination));
  if (provider && isSame) return provider;
  const remedyId = provider ? "callback.provider_changed" : "callback.provider_deleted";
  throw new AppError("invalid_request", "The cloud provider was changed in the meantime.", {
    remedyId,
  });
}

type SignedIn = {
  identity: SignedInIdentity;
  grant: Grant;
  scopes: string[];
  signedInByName: string;
};

async function upsertIdentity(
  tx: Transaction,
  cloudProviderId: string,
  input: SignedIn,
): Promise<string> {
  const { identity, grant, scopes, signedInByName } = input;
  const { objectId, tenantId, displayName } = identity;
  const username = emailKey(identity.username);
  const same = { cloudProviderId_objectId_tenantId: { cloudProviderId, objectId, tenantId } };
  await tx.authorization.deleteMany({
    where: { cloudProviderId, username, NOT: { objectId, tenantId } },
  });
  const data = {
    grant,
    username,
    displayName,
    scopes,
    signedInByName,
    homeAccountId: `${objectId}.${tenantId}`,
    signedInAt: wallTime(),
  };
  const { id } = await tx.authorization.upsert({
    where: same,
    create: { id: randomUUID(), cloudProviderId, objectId, tenantId, ...data },
    update: data,
    select: { id: true },
  });
  return id;
}

/** Whether another person is signed in under the name of the person who signed in now. */
export async function isNameOfAnother(
  cloudProviderId: string,
  { username, objectId, tenantId }: SignedInIdentity,
): Promise<boolean> {
  const count = await db().authorization.count({
    where: { cloudProviderId, username: emailKey(username), NOT: { objectId, tenantId } },
  });
  return count > 0;
}

/**
 * That an administrator agreed for the organisation.
 * @permission none: a part of completeAuthorization.
 */
export async function saveConsent(actor: Actor, request: PendingRequest): Promise<Outcome> {
  const outcome: Outcome = { kind: "consented" };
  const { cloudProviderId: id } = request;
  await db().$transaction(async (tx) => {
    const { name } = await requireUnchangedProvider(tx, request, null);
    await saveOutcome(tx, request.id, outcome);
    const object = { kind: "cloud_provider", id, name };
    await recordAudit(tx, actor, { action: "cloud_provider.admin_consent", object });
    await publish(tx, { type: "cloud_provider", id });
  });
  return outcome;
}

/** Removes a sign-in and its tokens; accounts that used it then show that no one is signed in. */
export const removeAuthorization = command({
  input: authorizationIdSchema,
  permission: "authorizations:write",
  async run({ tx, actor }, { authorizationId: id }): Promise<void> {
    const found = await tx.authorization.findUnique({
      where: { id },
      select: { username: true, cloudProviderId: true, cloudProvider: { select: { name: true } } },
    });
    if (!found) throw new AppError("not_found", "This sign-in no longer exists.");
    await tx.authorization.delete({ where: { id }, select: { id: true } });
    await recordAudit(tx, actor, {
      action: "authorization.remove",
      object: {
        kind: "cloud_provider",
        id: found.cloudProviderId,
        name: found.cloudProvider.name,
      },
      detail: { username: found.username },
    });
    await publish(tx, { type: "cloud_provider", id: found.cloudProviderId });
  },
});
