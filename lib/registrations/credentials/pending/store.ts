import "server-only";
import { credentialDestination } from "@/lib/installation/keys/destinations";
import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import type { Credential } from "@/lib/oauth/service";
import { openSealed, type Registered } from "../sealed/store";

type PendingCertificate = Extract<Credential, { kind: "certificate" }> & { expiresAt: Date };

export async function openPendingCertificate(
  registration: Registered,
): Promise<PendingCertificate | null> {
  const { cloudProviderId } = registration;
  const found = await db().pendingCertificate.findUnique({ where: { cloudProviderId } });
  if (!found) return null;
  const { certificate, privateKeySealed, expiresAt } = found;
  const privateKey = openSealed(pendingPlace(registration), privateKeySealed);
  return { kind: "certificate", certificate, privateKey, expiresAt };
}

export function sealPendingKey(registration: Registered, privateKey: string): string {
  return seal(env().keyring, pendingPlace(registration), privateKey);
}

function pendingPlace({ cloudProviderId: id, destination: provider }: Registered): SealPlace {
  const destination = credentialDestination(provider, "certificate");
  return { table: "PendingCertificate", id, column: "privateKeySealed", destination };
}
