import { isDeepStrictEqual } from "node:util";
import { changedFields, changedValues, staleEdit } from "@/lib/audit/stale-edit";
import { isSameDestination, providerDestination } from "@/lib/installation/keys/destinations";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { wallTime } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { fieldError } from "@/lib/kernel/errors";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { Prisma } from "@/prisma/generated/client";
import { saveProof } from "../credentials/mutations";
import { fieldOf, readCredentialInput } from "../credentials/read-input";
import type { EnteredCredential } from "../credentials/schema";
import { findCredentialInUse, replaceCredential } from "../credentials/store";
import { retryAfterRegistrationFixed } from "../held-sign-ins/store";
import { type AdmittedCredential, isProved, proveOrAdmit } from "../prove-registration";
import { editedView, providerNotFound } from "../queries";
import { readHosts, requireDifferentIds, resolveTenantId } from "../read-registration";
import { redirectUri } from "../redirect-uri";
import { NO_ROTATION } from "../rotations/store";
import type { UpdateCloudProvider } from "../schema";
import { requireFreeName, tell } from "../store";

/**
 * If secrets would go elsewhere (application, tenant, cloud or host), none stored is sent there:
 * a credential is asked for, and people sign in again. @param follow for the sign-ins
 */
export async function saveEdit(
  actor: Actor,
  input: UpdateCloudProvider,
  follow: (tx: Transaction) => Promise<void>,
): Promise<EnteredCredential | null> {
  requirePermission(actor, "providers:write");
  const { id, version, name } = input;
  const current = await db().cloudProvider.findUnique({ where: { id }, select: editedView });
  if (!current) throw providerNotFound();
  const object = { kind: "cloud_provider", id, name: current.name };
  if (current.version !== version) throw await staleEdit(object, version);
  await requireFreeName(name, id);
  const edit = await readEdit(current, input);
  const { isOther, tenantId, hosts } = edit;
  const { brought, outcome } = await readReplacement(actor, input, edit);
  const after = { ...input, tenantId, hosts };
  const changed = changedFields(current, after, LABELS);
  if (changed.length === 0 && !brought) return outcome;
  const isUpdated = await db().$transaction(async (tx) => {
    if (!(await saveColumns(tx, input, { ...edit, brought }))) return false;
    if (brought) {
      const made = { ...brought, cloudProviderId: id, createdByName: actor.name };
      await replaceCredential(tx, made, { keepsLast: !isOther });
      await retryAfterRegistrationFixed(tx, id);
    }
    // Who signed in as themselves did not sign in for the application, nor the other way round.
    if (isOther || current.grant !== input.grant)
      await tx.authorization.deleteMany({ where: { cloudProviderId: id } });
    await follow(tx);
    if (isOther) {
      await tx.secretRotation.deleteMany({ where: { cloudProviderId: id } });
      await tx.pendingCertificate.deleteMany({ where: { cloudProviderId: id } });
    }
    const values = changedValues(current, after, { labels: LABELS });
    const detail = { version: version + 1, changed, ...values };
    await tell(tx, actor, { action: "cloud_provider.update", id, name, detail });
    return true;
  });
  if (!isUpdated) throw await staleEdit(object, version);
  return outcome;
}

type Current = Prisma.CloudProviderGetPayload<{ select: typeof editedView }>;
type Edit = Awaited<ReturnType<typeof readEdit>>;

async function readEdit(current: Current, input: UpdateCloudProvider) {
  const { id: cloudProviderId, replacement } = input;
  const { cloud, hosts } = readHosts(input.cloud, input.hosts);
  const tenantId = await resolveTenantId({ ...input, cloud });
  requireDifferentIds(input.clientId, tenantId);
  const destination = providerDestination({ ...input, cloudProviderId, tenantId, hosts });
  const before = providerDestination({ ...current, cloudProviderId });
  const isOther = !isSameDestination(before, destination);
  if (isOther && !replacement)
    throw fieldError(
      "replacement",
      "The stored credential was entered for another application, tenant, cloud or host. Enter the credential again.",
    );
  return { name: current.name, cloud, tenantId, hosts, destination, before, isOther };
}

type Brought = { admitted: AdmittedCredential; expiresAt: Date | null; replaces: number | null };

type Entered = { brought: Brought | null; outcome: EnteredCredential | null };

/** For another registration, the credential in use is sealed again for its new destination. */
async function readReplacement(
  actor: Actor,
  { id: cloudProviderId, replacement, ...input }: UpdateCloudProvider,
  { name, before, isOther, cloud, tenantId, destination }: Edit,
): Promise<Entered> {
  if (!replacement) return { brought: null, outcome: null };
  const inUse = await findCredentialInUse({ cloudProviderId, destination: before });
  const read = readCredentialInput(replacement, { at: "replacement", clientId: input.clientId });
  const candidate = { ...input, cloud, tenantId, destination, credential: read.credential };
  const admitted = await proveOrAdmit(candidate, fieldOf(replacement, "replacement"));
  if (!inUse || !isDeepStrictEqual(inUse.credential, read.credential)) {
    const brought = { admitted, expiresAt: read.expiresAt, replaces: inUse?.version ?? null };
    return { brought, outcome: { isReplaced: true, expiresAt: read.expiresAt } };
  }
  const { version: credentialVersion } = inUse;
  const expiresAt = inUse.expiresAt ?? read.expiresAt;
  if (isOther) {
    const brought = { admitted, expiresAt, replaces: credentialVersion };
    return { brought, outcome: { isReplaced: false, expiresAt } };
  }
  const proved = { cloudProviderId, name, credentialVersion, expiresAt };
  const known = isProved(admitted) ? await saveProof(actor, proved, admitted) : inUse.expiresAt;
  return { brought: null, outcome: { isReplaced: false, expiresAt: known } };
}

/** @returns false when another edit was saved in between */
async function saveColumns(
  tx: Transaction,
  input: UpdateCloudProvider,
  { tenantId, hosts, isOther, brought }: Edit & Pick<Entered, "brought">,
): Promise<boolean> {
  const { id, version, replacement, ...fields } = input;
  const { count } = await tx.cloudProvider.updateMany({
    where: { id, version },
    data: {
      ...fields,
      hosts: hosts ?? Prisma.DbNull,
      tenantId,
      nameKey: nameKey(input.name),
      redirectUri: redirectUri(input.service),
      version: { increment: 1 },
      updatedAt: wallTime(),
      ...(brought && { failureId: null, failedAt: null }),
      ...(isOther && NO_ROTATION),
      ...((isOther || input.grant !== "delegated") && { redirectFailureId: null }),
    },
  });
  return count === 1;
}

const LABELS = {
  name: "Name",
  cloud: "Cloud",
  accountTypes: "Supported account types",
  grant: "How mailboxes sign in",
  clientId: "Application Id",
  tenantId: "Tenant Id",
  hosts: "Hosts",
} as const;
