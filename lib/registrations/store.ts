import { type AuditActor, type AuditEntry, recordAudit } from "@/lib/audit/mutations";
import { providerDestination } from "@/lib/installation/keys/destinations";
import { batched } from "@/lib/kernel/batch";
import type { Destination } from "@/lib/kernel/crypto";
import { db, pool } from "@/lib/kernel/db";
import { AppError, fieldError } from "@/lib/kernel/errors";
import { publish } from "@/lib/kernel/events/mutations";
import { nameKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { findCloud, withHosts } from "@/lib/oauth/configured-clouds";
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

type RegistrationRow = Omit<StoredRegistration, "cloud" | "destination" | "sealed"> &
  Omit<StoredRegistration["sealed"], "id"> & {
    cloud: string;
    credentialId: string;
    hosts: unknown;
  };

const FIND_REGISTRATIONS = {
  name: "find-registrations",
  text: `SELECT p.id AS "cloudProviderId", p.name, p.service, p.cloud, p."clientId", p."tenantId", p."accountTypes",
      p.hosts, p."redirectUri", p."grant", p.version AS "providerVersion", c.id AS "credentialId",
      c.version AS "credentialVersion", c.kind, c."secretSealed", c.certificate, c.source,
      c."createdAt"
    FROM "CloudProvider" p
    JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE p.id = ANY($1::uuid[])`,
};

/** Many refreshes ask in the same moment: one statement answers them. */
const findRegistrations = batched(async (ids) => {
  const { rows } = await pool().query<RegistrationRow>({ ...FIND_REGISTRATIONS, values: [ids] });
  return new Map(rows.map((row) => [row.cloudProviderId, row]));
});

/** @throws AppError not_found, unprocessable (its cloud is no longer configured) */
export async function loadRegistration(cloudProviderId: string): Promise<StoredRegistration> {
  const row = await findRegistrations(cloudProviderId);
  if (!row) throw new AppError("not_found", "This cloud provider no longer exists.");
  const { credentialId: id, kind, secretSealed, certificate, source, createdAt, ...rest } = row;
  const { cloud, hosts, ...columns } = rest;
  const sealed = { id, kind, secretSealed, certificate, source, createdAt };
  const located = { cloud: withHosts(requireCloud(cloud), hosts), sealed };
  return { ...columns, ...located, destination: providerDestination(rest) };
}

/** @throws AppError as loadRegistration, and locked */
export async function openRegistration(cloudProviderId: string): Promise<OpenedRegistration> {
  const stored = await loadRegistration(cloudProviderId);
  return { ...stored, credential: openCredential(stored.sealed, stored.destination) };
}

export function requireCloud(id: string) {
  const cloud = findCloud(id);
  if (cloud) return cloud;
  throw fieldError("cloud", `The cloud “${id}” is not configured.`);
}

export async function requireFreeName(name: string, ownId?: string): Promise<void> {
  const taken = await db().cloudProvider.findUnique({
    where: { nameKey: nameKey(name) },
    select: { id: true, name: true },
  });
  if (!taken || taken.id === ownId) return;
  const message = `A cloud provider named “${taken.name}” already exists.`;
  throw new AppError("conflict", message, { fields: { name: [message] } });
}

type Change = Pick<AuditEntry, "action" | "detail"> & {
  id: string;
  name: string;
  /** What other administrators' open pages say. */
  message?: string;
};

export async function tell(tx: Transaction, actor: AuditActor, change: Change): Promise<void> {
  const { action, id, name, detail, message } = change;
  const object = { kind: "cloud_provider", id, name };
  await recordAudit(tx, actor, { action, object, ...(detail && { detail }) });
  await publish(tx, {
    type: "cloud_provider",
    id,
    ...(message && { message: { tone: "success", text: message, causedBy: actor.id } }),
  });
}
