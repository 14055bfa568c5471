import "server-only";
import { providerDestination } from "@/lib/installation/keys/destinations";
import { batched } from "@/lib/kernel/batch";
import type { Destination } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import { nameKey } from "@/lib/kernel/text/normalize";
import { withHosts } from "@/lib/oauth/cloud-hosts";
import { findCloud } from "@/lib/oauth/configured-clouds";
import type { Credential, Registration } from "@/lib/oauth/service";
import { openCredential, type SealedCredential } from "./credentials/sealed/store";
import type { Grant } from "./schema";

export type StoredRegistration = Omit<Registration, "credential"> & {
  cloudProviderId: string;
  name: string;
  /** Where its secrets and its tokens may be sent: what is sealed for another does not open. */
  destination: Destination;
  redirectUri: string;
  grant: Grant;
  providerVersion: number;
  credentialVersion: number;
  sealed: SealedCredential & { createdAt: Date };
};

/** With its credential opened: for token requests only, never for a view. */
export type OpenedRegistration = StoredRegistration & { credential: Credential };

type RegistrationRow = Omit<
  StoredRegistration,
  "cloud" | "cloudProviderId" | "destination" | "sealed"
> & {
  id: string;
  cloud: string;
  credentialId: string;
  kind: string;
  secretSealed: string | null;
  certificate: string | null;
  source: unknown;
  credentialCreatedAt: Date;
  hosts: unknown;
};

const FIND_REGISTRATIONS = {
  name: "find-registrations",
  text: `SELECT p.id, p.name, p.service, p.cloud, p."clientId", p."tenantId", p."accountTypes",
      p.hosts, p."redirectUri", p."grant", p.version AS "providerVersion", c.id AS "credentialId",
      c.version AS "credentialVersion", c.kind, c."secretSealed", c.certificate, c.source,
      c."createdAt" AS "credentialCreatedAt"
    FROM "CloudProvider" p
    JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE p.id = ANY($1::uuid[])`,
};

/** Many refreshes ask in the same moment: one statement answers them. */
const findRegistrations = batched(async (ids) => {
  const { rows } = await pool().query<RegistrationRow>({ ...FIND_REGISTRATIONS, values: [ids] });
  return new Map(rows.map((row) => [row.id, row]));
});

/** @throws AppError not_found, unprocessable (its cloud is no longer configured) */
export async function loadRegistration(cloudProviderId: string): Promise<StoredRegistration> {
  const row = await findRegistrations(cloudProviderId);
  if (!row) throw new AppError("not_found", "This cloud provider no longer exists.");
  const { id, cloud, credentialId, kind, secretSealed, certificate, source, ...columns } = row;
  const { credentialCreatedAt: createdAt, hosts, ...rest } = columns;
  const sealed = { id: credentialId, kind, secretSealed, certificate, source, createdAt };
  const destination = providerDestination({ ...rest, cloudProviderId: id, cloud, hosts });
  const located = { cloud: withHosts(requireCloud(cloud), hosts), destination };
  return { ...rest, ...located, cloudProviderId: id, sealed };
}

/** @throws AppError as loadRegistration, and locked */
export async function openRegistration(cloudProviderId: string): Promise<OpenedRegistration> {
  const stored = await loadRegistration(cloudProviderId);
  return { ...stored, credential: openCredential(stored.sealed, stored.destination) };
}

export function requireCloud(id: string) {
  const cloud = findCloud(id);
  if (cloud) return cloud;
  throw new AppError("unprocessable", `The cloud “${id}” is not configured.`, {
    fields: { cloud: [`The cloud “${id}” is not configured.`] },
  });
}

export async function requireFreeName(name: string, ownId?: string): Promise<void> {
  const taken = await db().cloudProvider.findUnique({
    where: { nameKey: nameKey(name) },
    select: { id: true, name: true },
  });
  if (taken && taken.id !== ownId)
    throw new AppError("conflict", `A cloud provider named “${taken.name}” already exists.`, {
      fields: { name: [`A cloud provider named “${taken.name}” already exists.`] },
    });
}
