import "server-only";
import { randomUUID } from "node:crypto";
import { type Actor, requirePermission } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/mutations";
import { changedFields, staleEdit } from "@/lib/audit/stale-edit";
import { alignMailboxes } from "@/lib/authorizations/mailboxes/mutations";
import { wallTime } from "@/lib/clock";
import type { Destination } from "@/lib/crypto";
import { db, type Transaction } from "@/lib/db";
import { AppError, fieldError } from "@/lib/errors";
import { publish } from "@/lib/events/mutations";
import { isSameDestination, providerDestination } from "@/lib/keys/destinations";
import { nameKey } from "@/lib/normalize";
import { differingHosts, withHosts } from "@/lib/oauth/cloud-hosts";
import type { Credential } from "@/lib/oauth/service";
import { retryAfterRegistrationFixed } from "@/lib/tokens/store";
import { Prisma } from "@/prisma/generated/client";
import { type BroughtCredential, fieldOf, readCredentialInput } from "./credentials/read-input";
import type { CredentialInput, FirstCredential } from "./credentials/schema";
import { type CredentialOrigin, replaceCredential } from "./credentials/store";
import { requireAllowedProviderHosts } from "./hosts/require-allowed";
import type { ProviderHosts } from "./hosts/schema";
import { makeCertificate } from "./make-certificate";
import { proveRegistration, proveUnknownCertificate, resolveTenantId } from "./prove-registration";
import { providerNotFound } from "./queries";
import { redirectUri } from "./redirect-uri";
import { closeRotation } from "./rotations/store";
import {
  type CreateCloudProvider,
  type DeleteCloudProvider,
  redirectUriProblem,
  type UpdateCloudProvider,
} from "./schema";
import { requireCloud } from "./store";

/**
 * Registers a provider. Its ids and secret are tried at the token endpoint first, so that a typing
 * mistake is found here and not at the first sign-in; an endpoint that does not answer is no reason
 * to refuse. A certificate that is made here cannot be known to it yet: the ids are what is tried then.
 *
 * @returns the id of the new provider, and whether its secret was proved
 * @throws AppError unprocessable with fields, conflict
 */
export async function createCloudProvider(
  actor: Actor,
  input: CreateCloudProvider,
): Promise<{ id: string; isProved: boolean }> {
  requirePermission(actor, "providers:write");
  const expectedUri = redirectUri(input.service);
  const problem = redirectUriProblem(input.redirectUri ?? expectedUri, expectedUri);
  if (problem) throw fieldError("redirectUri", problem);
  await requireFreeName(input.name);
  const { credential: typed, hosts: typedHosts, ...fields } = input;
  const { cloud, hosts, column } = readHosts(input.cloud, typedHosts);
  const tenantId = await resolveTenantId({ ...input, cloud });
  requireDifferentIds(input.clientId, tenantId);
  const isMade = typed.kind === "generated_certificate";
  const brought = isMade ? await makeFirst(input.name, typed) : readFirst(typed, input.clientId);
  const registration = { ...input, cloud, tenantId, credential: brought.credential };
  const provedAt = isMade
    ? await proveUnknownCertificate(registration)
    : await proveRegistration(registration, fieldOf(typed, "credential"));
  const id = randomUUID();
  const columns = { ...input, cloudProviderId: id, tenantId, hosts };
  await db().$transaction(async (tx) => {
    await tx.cloudProvider.create({
      data: {
        ...{ ...fields, hosts: column, id, tenantId },
        ...{ redirectUri: expectedUri, nameKey: nameKey(input.name) },
      },
      select: { id: true },
    });
    const destination = providerDestination(columns);
    const made = { ...brought, cloudProviderId: id, destination, provedAt };
    const origin = isMade ? "made" : "typed";
    await replaceCredential(
      tx,
      { ...made, createdByName: actor.name, origin },
      { keepsLast: false },
    );
    await tell(tx, actor, { action: "cloud_provider.create", id, name: input.name });
  });
  return { id, isProved: provedAt !== null };
}

type MadeCertificate = Extract<FirstCredential, { kind: "generated_certificate" }>;

async function makeFirst(name: string, wishes: MadeCertificate): Promise<BroughtCredential> {
  const { expiresAt, certificate, privateKey } = await makeCertificate(name, wishes);
  return { credential: { kind: "certificate", certificate, privateKey }, expiresAt };
}

function readFirst(typed: CredentialInput, clientId: string): BroughtCredential {
  return readCredentialInput(typed, { at: "credential", clientId });
}

/**
 * Saves an edit. When secrets or tokens would go elsewhere (another application, tenant, cloud or host),
 * those that are stored must not be sent there: the credential is asked for, and who was signed in signs
 * in again.
 *
 * @throws AppError stale when somebody else saved in between, unprocessable with fields, conflict
 */
export async function updateCloudProvider(actor: Actor, input: UpdateCloudProvider): Promise<void> {
  requirePermission(actor, "providers:write");
  const current = await db().cloudProvider.findUnique({
    where: { id: input.id },
    select: {
      name: true,
      service: true,
      cloud: true,
      grant: true,
      accountTypes: true,
      clientId: true,
      tenantId: true,
      hosts: true,
      version: true,
    },
  });
  if (!current) throw providerNotFound();
  const { id, version, replacement, hosts: typedHosts, ...fields } = input;
  const object = { kind: "cloud_provider", id, name: current.name };
  if (current.version !== version) throw await staleEdit(object, version);
  await requireFreeName(input.name, id);
  const { cloud, hosts, column } = readHosts(input.cloud, typedHosts);
  const tenantId = await resolveTenantId({ ...input, cloud });
  requireDifferentIds(input.clientId, tenantId);
  const destination = providerDestination({ ...input, cloudProviderId: id, tenantId, hosts });
  const before = providerDestination({ ...current, cloudProviderId: id });
  const isOther = !isSameDestination(before, destination);
  if (isOther && !replacement) throw credentialNeeded();
  const { clientId } = input;
  const brought = replacement && readCredentialInput(replacement, { at: "replacement", clientId });
  const provedAt = brought
    ? await proveRegistration(
        { ...input, cloud, tenantId, credential: brought.credential },
        fieldOf(replacement, "replacement"),
      )
    : null;
  const isUpdated = await db().$transaction(async (tx) => {
    const { count } = await tx.cloudProvider.updateMany({
      where: { id, version },
      data: {
        ...fields,
        hosts: column,
        tenantId,
        nameKey: nameKey(input.name),
        redirectUri: redirectUri(input.service),
        version: { increment: 1 },
        updatedAt: wallTime(),
        ...(replacement && { failureId: null, failedAt: null }),
        ...(isOther && NO_ROTATION),
      },
    });
    if (count !== 1) return false;
    if (brought) {
      const made = { ...brought, cloudProviderId: id, destination, provedAt };
      const named = { ...made, createdByName: actor.name };
      await replaceCredential(tx, named, { keepsLast: !isOther });
      await retryAfterRegistrationFixed(tx, id);
    }
    // Who signed in as themselves did not sign in for the application, nor the other way round.
    if (isOther || current.grant !== input.grant)
      await tx.authorization.deleteMany({ where: { cloudProviderId: id } });
    await alignMailboxes(tx, id, actor.name);
    if (isOther) {
      await tx.secretRotation.deleteMany({ where: { cloudProviderId: id } });
      await tx.pendingCertificate.deleteMany({ where: { cloudProviderId: id } });
    }
    const changed = changedFields(current, { ...input, tenantId, hosts }, LABELS);
    await tell(tx, actor, {
      action: "cloud_provider.update",
      id,
      name: input.name,
      detail: { version: version + 1, changed },
    });
    return true;
  });
  if (!isUpdated) throw await staleEdit(object, version);
}

/** Another registration has permissions of its own: whether it may renew itself is not known yet. */
const NO_ROTATION = {
  autoRotate: false,
  rotateDueAt: null,
  rotationFailureId: null,
  rotationFailedAt: null,
};

const LABELS = {
  name: "Name",
  cloud: "Cloud",
  accountTypes: "Supported account types",
  grant: "How mailboxes sign in",
  clientId: "Application Id",
  tenantId: "Tenant Id",
  hosts: "Hosts",
} as const;

/**
 * Deletes a provider with its secret and its sign-ins. Accounts that use it stay, without a provider
 * and switched off.
 *
 * @throws AppError conflict when more accounts would stop than the person was told
 */
export async function deleteCloudProvider(actor: Actor, input: DeleteCloudProvider): Promise<void> {
  requirePermission(actor, "providers:write");
  await db().$transaction(async (tx) => {
    const provider = await tx.cloudProvider.findUnique({
      where: { id: input.id },
      select: { name: true },
    });
    if (!provider) throw providerNotFound();
    const { count } = await tx.emailAccount.updateMany({
      where: { cloudProviderId: input.id },
      data: { cloudProviderId: null, active: false, version: { increment: 1 } },
    });
    if (count > input.acceptedAccounts)
      throw new AppError(
        "conflict",
        `${count} email accounts use this provider now. Look at the list again before you delete it.`,
      );
    await tx.cloudProvider.delete({ where: { id: input.id }, select: { id: true } });
    await tell(tx, actor, {
      action: "cloud_provider.delete",
      id: input.id,
      name: provider.name,
      detail: { stoppedAccounts: count },
    });
  });
}

/** That the credential in use works, while nobody put another one in use. @throws AppError stale */
export async function saveProof(
  actor: Actor,
  { cloudProviderId, name, credentialVersion }: Proved,
): Promise<void> {
  await db().$transaction(async (tx) => {
    const { count } = await tx.clientCredential.updateMany({
      where: { cloudProviderId, version: credentialVersion, supersededAt: null },
      data: { provedAt: wallTime(), refusedAt: null, refusedAs: null },
    });
    if (count !== 1)
      throw new AppError("stale", "Another credential is in use by now. Look at the page again.");
    await tx.cloudProvider.update({
      where: { id: cloudProviderId },
      data: { failureId: null, failedAt: null },
      select: { id: true },
    });
    await retryAfterRegistrationFixed(tx, cloudProviderId);
    await tell(tx, actor, { action: "cloud_provider.prove_credential", id: cloudProviderId, name });
  });
}

type Proved = { cloudProviderId: string; name: string; credentialVersion: number };

type ProvedCredential = {
  cloudProviderId: string;
  name: string;
  /** The registration that the credential was proved for. */
  providerVersion: number;
  destination: Destination;
  credential: Credential;
  expiresAt: Date | null;
  provedAt: Date;
  origin: CredentialOrigin;
  restoredFrom?: number;
  keyId?: string;
  /** Of a rotated one: the turn that made it. */
  rotationFence?: number;
};

const CHANGES = {
  typed: { verb: "update", text: (what: string) => `the ${what} was updated` },
  made: { verb: "update", text: (what: string) => `the ${what} that Postkey made is in use` },
  rotated: { verb: "rotate", text: (what: string) => `Postkey replaced the ${what}` },
  restored: { verb: "restore", text: (what: string) => `the last ${what} is in use again` },
} as const;

/**
 * Puts a credential in use that was proved for this registration.
 * @throws AppError stale when the registration was changed since the secret was proved, or a rotated
 *   one is not the one that is waited for any more
 */
export async function saveCredential(actor: Actor, input: ProvedCredential): Promise<void> {
  const { cloudProviderId, name, providerVersion, rotationFence: fence, ...proved } = input;
  const { verb, text } = CHANGES[proved.origin];
  const { kind } = proved.credential;
  const object = { kind: "cloud_provider", id: cloudProviderId, name };
  await db().$transaction(async (tx) => {
    const { count } = await tx.cloudProvider.updateMany({
      where: { id: cloudProviderId, version: providerVersion },
      data: {
        ...{ failureId: null, failedAt: null, updatedAt: wallTime() },
        ...{ rotationFailureId: null, rotationFailedAt: null },
        // Only a client secret can be renewed through Graph.
        ...(kind !== "client_secret" && NO_ROTATION),
      },
    });
    const isStale =
      count !== 1 ||
      (fence !== undefined && !(await closeRotation(tx, { cloudProviderId, fence })));
    if (isStale) throw await staleEdit(object, providerVersion);
    const made = { ...proved, cloudProviderId, createdByName: actor.name };
    await replaceCredential(tx, made, { keepsLast: true });
    await retryAfterRegistrationFixed(tx, cloudProviderId);
    await tell(tx, actor, {
      action: `cloud_provider.${verb}_${kind}`,
      id: cloudProviderId,
      name,
      message: `${name}: ${text(kind.replaceAll("_", " "))}.`,
    });
  });
}

/** The cloud as the provider will use it, and what of it is stored. @throws AppError unprocessable */
function readHosts(cloudId: string, typed: ProviderHosts | null) {
  const preset = requireCloud(cloudId);
  const hosts = differingHosts(preset, typed);
  requireAllowedProviderHosts(hosts);
  return { cloud: withHosts(preset, hosts), hosts, column: hosts ?? Prisma.DbNull };
}

async function requireFreeName(name: string, ownId?: string): Promise<void> {
  const taken = await db().cloudProvider.findUnique({
    where: { nameKey: nameKey(name) },
    select: { id: true, name: true },
  });
  if (taken && taken.id !== ownId)
    throw new AppError("conflict", `There is a cloud provider named “${taken.name}” already.`, {
      fields: { name: [`There is a cloud provider named “${taken.name}” already.`] },
    });
}

function requireDifferentIds(clientId: string, tenantId: string): void {
  if (clientId === tenantId)
    throw fieldError(
      "tenantId",
      "This is the application id. Paste the Directory (tenant) ID here.",
    );
}

function credentialNeeded(): AppError {
  return fieldError(
    "replacement",
    "Another application, tenant, cloud or host gets no credential that was entered for the one before: enter it again.",
  );
}

type Change = {
  action: string;
  id: string;
  name: string;
  detail?: { stoppedAccounts: number } | { version: number; changed: string[] };
  /** What other administrators' open pages say. */
  message?: string;
};

async function tell(tx: Transaction, actor: Actor, change: Change): Promise<void> {
  const { action, id, name, detail, message } = change;
  const object = { kind: "cloud_provider", id, name };
  await recordAudit(tx, actor, { action, object, ...(detail && { detail }) });
  await publish(tx, {
    type: "cloud_provider",
    id,
    ...(message && { message: { tone: "success", text: message, causedBy: actor.id } }),
  });
}
