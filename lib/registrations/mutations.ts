import { randomUUID } from "node:crypto";
import { providerDestination } from "@/lib/installation/keys/destinations";
import { command } from "@/lib/kernel/command";
import { db } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { nameKey } from "@/lib/kernel/text/normalize";
import { counted } from "@/lib/kernel/text/schema";
import { Prisma } from "@/prisma/generated/client";
import { makeCertificate } from "./change-credential";
import { type BroughtCredential, fieldOf, readCredentialInput } from "./credentials/read-input";
import type { FirstCredential } from "./credentials/schema";
import { replaceCredential } from "./credentials/store";
import { admitUnknownCertificate, isProved, proveOrAdmit } from "./prove-registration";
import { providerNotFound } from "./queries";
import { readHosts, requireDifferentIds, resolveTenantId } from "./read-registration";
import { redirectUri } from "./redirect-uri";
import { createCloudProviderSchema, deleteCloudProviderSchema, redirectUriProblem } from "./schema";
import { requireFreeName, tell } from "./store";

/** Tried at the token endpoint first, to find typing mistakes; silence is no reason to refuse. */
export const createCloudProvider = command({
  input: createCloudProviderSchema,
  permission: "providers:write",
  async act(actor, input): Promise<NewCloudProvider> {
    const expectedUri = redirectUri(input.service);
    const problem = redirectUriProblem(input.redirectUri ?? expectedUri, expectedUri);
    if (problem) throw fieldError("redirectUri", problem);
    await requireFreeName(input.name);
    const { credential: typed, hosts: typedHosts, ...fields } = input;
    const { cloud, hosts } = readHosts(input.cloud, typedHosts);
    const tenantId = await resolveTenantId({ ...input, cloud });
    requireDifferentIds(input.clientId, tenantId);
    const isMade = typed.kind === "generated_certificate";
    const { clientId } = input;
    const brought = isMade
      ? await makeFirst(input.name, typed)
      : readCredentialInput(typed, { at: "credential", clientId });
    const { credential, expiresAt } = brought;
    const id = randomUUID();
    const destination = providerDestination({ ...input, cloudProviderId: id, tenantId, hosts });
    const candidate = { ...input, cloud, tenantId, credential, destination };
    const admitted = isMade
      ? await admitUnknownCertificate(candidate)
      : await proveOrAdmit(candidate, fieldOf(typed, "credential"));
    await db().$transaction(async (tx) => {
      await tx.cloudProvider.create({
        data: {
          ...fields,
          id,
          tenantId,
          hosts: hosts ?? Prisma.DbNull,
          redirectUri: expectedUri,
          nameKey: nameKey(input.name),
        },
        select: { id: true },
      });
      const made = { admitted, expiresAt, cloudProviderId: id, createdByName: actor.name };
      const origin = isMade ? "made" : "typed";
      await replaceCredential(tx, { ...made, origin, replaces: null }, { keepsLast: false });
      await tell(tx, actor, { action: "cloud_provider.create", id, name: input.name });
    });
    return { id, proved: isProved(admitted), proofFailureId: admitted.proofFailureId };
  },
});

type NewCloudProvider = { id: string; proved: boolean; proofFailureId: string | null };

type MadeCertificate = Extract<FirstCredential, { kind: "generated_certificate" }>;

async function makeFirst(name: string, wishes: MadeCertificate): Promise<BroughtCredential> {
  const { expiresAt, certificate, privateKey } = await makeCertificate(name, wishes);
  return { credential: { kind: "certificate", certificate, privateKey }, expiresAt };
}

/** Its accounts stay, switched off. @throws AppError conflict if more stop than the person knew */
export const deleteCloudProvider = command({
  input: deleteCloudProviderSchema,
  permission: "providers:write",
  of: "CloudProvider",
  proof: true,
  async run({ tx, actor }, input): Promise<void> {
    const provider = await tx.cloudProvider.findUnique({
      where: { id: input.id },
      select: { name: true },
    });
    if (!provider) throw providerNotFound();
    const { count } = await tx.emailAccount.updateMany({
      where: { cloudProviderId: input.id },
      data: { cloudProviderId: null, active: false, version: { increment: 1 } },
    });
    if (count > input.acceptedAccounts) throw inUseBy(count);
    await tx.cloudProvider.delete({ where: { id: input.id }, select: { id: true } });
    await tell(tx, actor, {
      action: "cloud_provider.delete",
      id: input.id,
      name: provider.name,
      detail: { stoppedAccounts: count },
    });
  },
});

function inUseBy(count: number): AppError {
  const use = counted(count, "email account uses", "email accounts use");
  return new AppError(
    "conflict",
    `${use} this provider now. Check the list again before you delete it.`,
    {
      forPrograms: `${use} this provider now, more than \`acceptedAccounts\` says. Nothing was deleted.`,
    },
  );
}
