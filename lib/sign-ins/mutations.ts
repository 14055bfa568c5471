import { randomUUID } from "node:crypto";
import { isSameDestination, providerDestination } from "@/lib/installation/keys/destinations";
import type { Actor } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { command } from "@/lib/kernel/command";
import type { Destination } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { SignedInIdentity } from "@/lib/oauth/service";
import { serviceOf } from "@/lib/oauth/services";
import { type Grant, providerUseSchema } from "@/lib/registrations/schema";
import { openRegistration, tell } from "@/lib/registrations/store";
import { asAppError } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { signedInName } from "./identities";
import { spendLinks } from "./links/store";
import { authorizationIdSchema, type Outcome } from "./schema";
import { type PendingRequest, type PendingSignIn, saveOutcome } from "./store";
import { saveSignedIn } from "./tokens/store";

/** Who signed in, and where what they let us have may be sent. */
export type Redeemed = { signIn: PendingSignIn; destination: Destination };

/**
 * Stores who signed in with the tokens, and tells every open page.
 * @permission none: a part of completeAuthorization and confirmAuthorization.
 */
export async function saveAuthorization(
  actor: Actor,
  request: PendingRequest,
  { signIn: { identity, tokens, missingScopes }, destination }: Redeemed,
): Promise<Outcome> {
  const { username } = identity;
  const { cloudProviderId: id, kind, startedByName } = request;
  const outcome: Outcome = { kind: "connected", username, missingScopes };
  const isByCode = kind === "device_code";
  await db().$transaction(async (tx) => {
    const { name } = await requireUnchangedProvider(tx, request, destination);
    const authorizationId = await upsertIdentity(tx, id, {
      identity,
      grant: isByCode ? "device_code" : "delegated",
      scopes: tokens.scopes,
      signedInByName: startedByName ?? actor.name,
    });
    await saveSignedIn(tx, authorizationId, tokens);
    // A browser that signed an account in goes back to its page, which tests it where nothing is missing.
    const isBack = request.signInLinkId === null && missingScopes.length === 0;
    const testedByPage = isBack ? request.emailAccountId : null;
    await letBeTested(tx, { cloudProviderId: id, username: emailKey(username), testedByPage });
    // A browser came back to it.
    await clearFailure(tx, id, isByCode ? {} : { redirectFailureId: null });
    await saveOutcome(tx, request.id, outcome);
    await spendLinks(tx, request, username);
    await tell(tx, actor, {
      action: "authorization.sign_in",
      id,
      name,
      detail: { username },
      message: `${name}: ${username} is signed in.`,
    });
  });
  return outcome;
}

async function clearFailure(tx: Transaction, id: string, more: object): Promise<void> {
  const data = { failureId: null, failedAt: null, ...more };
  await tx.cloudProvider.update({ where: { id }, data, select: { id: true } });
}

/**
 * Every account of the provider uses the one authorization of its application. @returns what was not granted
 * @throws AppError conflict (people sign in there), unprocessable with the remedy, temporarily_unavailable,
 *   not_found, locked, invalid_request when the provider was changed meanwhile
 */
export const connectApplication = command({
  input: providerUseSchema,
  permission: "providers:write",
  async act(actor, { cloudProviderId }): Promise<{ missing: string[] }> {
    const registration = await openRegistration(cloudProviderId);
    const { acquireAppOnly } = serviceOf(registration);
    if (registration.grant !== "app_only" || acquireAppOnly === null)
      throw new AppError("conflict", "At this provider, mailboxes sign in, not the application.");
    const signIn = await acquireAppOnly(registration).catch((error: unknown) => {
      throw asAppError(error);
    });
    const { identity, tokens, missingScopes } = signIn;
    const { name, destination } = registration;
    await db().$transaction(async (tx) => {
      await requireUnchangedProvider(tx, registration, destination);
      const { scopes } = tokens;
      const signedIn = { identity, grant: "app_only", scopes, signedInByName: actor.name } as const;
      const authorizationId = await upsertIdentity(tx, cloudProviderId, signedIn);
      await saveSignedIn(tx, authorizationId, tokens);
      await letBeTested(tx, { cloudProviderId, username: "", testedByPage: null });
      await clearFailure(tx, cloudProviderId, {});
      const action = "authorization.connect_application";
      const message = `${name}: the application is connected.`;
      await tell(tx, actor, { action, id: cloudProviderId, name, message });
    });
    return { missing: missingScopes };
  },
});

type LockedProvider = Parameters<typeof providerDestination>[0] & { name: string; version: number };

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
  const message = "The cloud provider was changed in the meantime.";
  throw new AppError("invalid_request", message, { remedyId });
}

/** Known by object and tenant id (OIDC `oid`, `tid`), whatever the name became; another of the same name is replaced. */
async function upsertIdentity(
  tx: Transaction,
  cloudProviderId: string,
  {
    identity,
    ...rest
  }: { identity: SignedInIdentity; grant: Grant; scopes: string[]; signedInByName: string },
): Promise<string> {
  const { objectId, tenantId, displayName } = identity;
  const username = emailKey(identity.username);
  const same = { cloudProviderId_objectId_tenantId: { cloudProviderId, objectId, tenantId } };
  await tx.authorization.deleteMany({
    where: { cloudProviderId, username, NOT: { objectId, tenantId } },
  });
  const homeAccountId = `${objectId}.${tenantId}`;
  const data = { ...rest, username, displayName, homeAccountId, signedInAt: wallTime() };
  const { id } = await tx.authorization.upsert({
    where: same,
    create: { id: randomUUID(), cloudProviderId, objectId, tenantId, ...data },
    update: data,
    select: { id: true },
  });
  return id;
}

type SignedInNow = {
  cloudProviderId: string;
  /** Of the authorization; empty for an application that signs in by itself. */
  username: string;
  /** The account whose page tests it at once, where that page is opened. */
  testedByPage: string | null;
};

/**
 * No one knows yet whether the mailboxes can be opened, so the keeper tests them as it does those of schedules. An
 * account that is being changed is left out, or each could wait for the other. The one that its page tests is due a
 * minute later: the browser may have been closed.
 */
async function letBeTested(tx: Transaction, signedIn: SignedInNow): Promise<void> {
  const { cloudProviderId, username, testedByPage } = signedIn;
  await tx.$executeRaw`UPDATE "EmailAccount" SET "nextTestAt" = CASE
    WHEN id = ${testedByPage}::uuid THEN now() + interval '1 minute' ELSE now() END WHERE id IN (
    SELECT e.id FROM "EmailAccount" e JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    WHERE p.id = ${cloudProviderId}::uuid AND e.active AND e."modernAuthentication"
      AND ${Prisma.raw(signedInName("e", "p"))} = ${username}
    FOR NO KEY UPDATE OF e SKIP LOCKED)`;
}

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
  await db().$transaction(async (tx) => {
    const { name } = await requireUnchangedProvider(tx, request, null);
    await saveOutcome(tx, request.id, outcome);
    const action = "cloud_provider.admin_consent";
    await tell(tx, actor, { action, id: request.cloudProviderId, name });
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
      select: { username: true, cloudProvider: { select: { id: true, name: true } } },
    });
    if (!found) throw new AppError("not_found", "This sign-in no longer exists.");
    await tx.authorization.delete({ where: { id }, select: { id: true } });
    const { username, cloudProvider } = found;
    const detail = { username };
    await tell(tx, actor, { action: "authorization.remove", ...cloudProvider, detail });
  },
});
