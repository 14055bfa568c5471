import "server-only";
import { type Actor, requirePermission } from "@/lib/actor";
import { recordAudit } from "@/lib/audit/mutations";
import type { KeyedCertificate } from "@/lib/certificates/generate";
import { wallTime } from "@/lib/clock";
import type { Destination } from "@/lib/crypto";
import { db } from "@/lib/db";
import { publish } from "@/lib/events/mutations";
import { sealPendingKey } from "./store";

type Provider = { cloudProviderId: string; name: string; destination: Destination };

/** Keeps a certificate that was made until it is proved; one that waited before it is forgotten. */
export async function savePendingCertificate(
  actor: Actor,
  input: Provider & KeyedCertificate,
): Promise<void> {
  requirePermission(actor, "providers:write");
  const { cloudProviderId, name, destination, certificate, privateKey, expiresAt } = input;
  const data = {
    ...{ certificate, expiresAt, createdAt: wallTime(), createdByName: actor.name },
    privateKeySealed: sealPendingKey({ cloudProviderId, destination }, privateKey),
  };
  await db().$transaction(async (tx) => {
    await tx.pendingCertificate.upsert({
      where: { cloudProviderId },
      create: { cloudProviderId, ...data },
      update: data,
      select: { cloudProviderId: true },
    });
    const object = { kind: "cloud_provider", id: cloudProviderId, name };
    await recordAudit(tx, actor, { action: "cloud_provider.make_certificate", object });
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}

/** Forgets a certificate that waits, with its key. */
export async function discardPendingCertificate(
  actor: Actor,
  cloudProviderId: string,
): Promise<void> {
  requirePermission(actor, "providers:write");
  await db().$transaction(async (tx) => {
    await tx.pendingCertificate.deleteMany({ where: { cloudProviderId } });
    await publish(tx, { type: "cloud_provider", id: cloudProviderId });
  });
}
