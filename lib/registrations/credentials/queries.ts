import { type Actor, requirePermission } from "@/lib/kernel/actor";
import { db } from "@/lib/kernel/db";
import { findSection } from "@/lib/kernel/sections/find-section";
import type { Position } from "@/lib/kernel/sections/schema";
import { only } from "@/lib/kernel/words";
import { thumbprintOf } from "@/lib/oauth/certificates/generate";
import type { Prisma } from "@/prisma/generated/client";
import type { CredentialKind } from "../rows/schema";

/** What the pages show of a credential: never its value. */
export const credentialView = only(
  "id kind certificate hint version createdAt createdByName expiresAt provedAt supersededAt",
  "keptUntil origin restoredFrom refusedAt refusedAs",
) satisfies Prisma.ClientCredentialSelect;

export function readCredentials(cloudProviderId: string, position: Position) {
  const where = { cloudProviderId };
  return findSection({
    position,
    size: 20,
    find: (window) =>
      db().clientCredential.findMany({
        where,
        orderBy: { version: "desc" },
        select: credentialView,
        ...window,
      }),
    count: (bounded) => db().clientCredential.count({ where, ...bounded }),
  });
}

type FoundCredential = Prisma.ClientCredentialGetPayload<{ select: typeof credentialView }>;

/** Its thumbprint is SHA-1, as Microsoft's pages show it. */
export function credentialRow({ certificate, kind, ...credential }: FoundCredential) {
  return {
    ...credential,
    kind: kind as CredentialKind, // written by credentials/store.ts only
    thumbprint: certificate === null ? null : thumbprintOf(certificate),
  };
}

export type CredentialRow = ReturnType<typeof credentialRow>;

export async function isDoubted(cloudProviderId: string): Promise<boolean> {
  const doubted = await db().cloudProvider.count({
    where: {
      id: cloudProviderId,
      OR: [
        { failureId: { not: null } },
        {
          credentials: {
            some: { supersededAt: null, OR: [{ provedAt: null }, { refusedAt: { not: null } }] },
          },
        },
        { authorizations: { some: { tokenSet: { state: "fix_registration" } } } },
      ],
    },
  });
  return doubted > 0;
}

/** The public part of a certificate of a provider, in use or waiting, by its thumbprint. */
export async function findCertificate(
  actor: Actor,
  { cloudProviderId, thumbprint }: { cloudProviderId: string; thumbprint: string },
): Promise<string | null> {
  requirePermission(actor, "providers:read");
  const select = { certificate: true };
  const [kept, pending] = await Promise.all([
    db().clientCredential.findMany({
      where: { cloudProviderId, certificate: { not: null } },
      orderBy: { version: "desc" },
      select,
    }),
    db().pendingCertificate.findMany({ where: { cloudProviderId }, select }),
  ]);
  const all = [...pending, ...kept].flatMap(({ certificate }) => certificate ?? []);
  return all.find((pem) => thumbprintOf(pem) === thumbprint.toUpperCase()) ?? null;
}
