import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";

/**
 * The certificate of the local authority, PEM, for devices to trust; null where the operator gave the gateway a
 * certificate, or no gateway for devices has started yet.
 */
export async function findDeviceAuthority(actor: Actor): Promise<string | null> {
  requirePermission(actor, "devices:read");
  if (env().deviceCertificate) return null;
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { deviceAuthority: true },
  });
  return row?.deviceAuthority ?? null;
}
