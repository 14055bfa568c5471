import "server-only";
import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";

/** PEM; null with a certificate of the operator's, or before a gateway started. */
export async function findDeviceAuthority(actor: Actor): Promise<string | null> {
  requirePermission(actor, "devices:read");
  if (env().deviceCertificate) return null;
  const row = await db().installation.findUnique({
    where: { id: 1 },
    select: { deviceAuthority: true },
  });
  return row?.deviceAuthority ?? null;
}
