import { randomUUID } from "node:crypto";
import { isTestInLine } from "@/lib/checks/runs/scheduled/store";
import { type RepairableAccount, repairObjectOf } from "@/lib/email-accounts/repair-object";
import { isTestDue } from "@/lib/email-accounts/test-schedule/store";
import { ADVISORY_LOCKS } from "@/lib/kernel/advisory-locks";
import { DAY_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { db } from "@/lib/kernel/db";
import type { Transaction } from "@/lib/kernel/transaction";
import { mailService, SERVICES } from "@/lib/mail/services/schema";
import type { RepairObject } from "@/lib/remedies/remedy";
import { LINKS_BY_NAME } from "@/lib/remedies/repairs";
import { Prisma } from "@/prisma/generated/client";
import { KEPT_DAYS } from "../retention";
import type { IncidentRow } from "./schema";
import { type Cause, IS_HIDDEN } from "./stopped/store";

/** One process holds it and evaluates; others skip. */
const LOCK = ADVISORY_LOCKS.incidents;

/** @returns false if another does it */
export async function takeTurn(tx: Transaction): Promise<boolean> {
  const [row] = await tx.$queryRaw<{ isMine: boolean }[]>`
    SELECT pg_try_advisory_xact_lock(${LOCK}) AS "isMine"`;
  return row?.isMine ?? false;
}

export async function findCause(tx: Transaction, incidentId: string): Promise<string | null> {
  const where = { id: incidentId };
  return (await tx.incident.findUnique({ where, select: { cause: true } }))?.cause ?? null;
}

export async function findRegistration(tx: Transaction, cloudProviderId: string) {
  return tx.cloudProvider.findUnique({
    where: { id: cloudProviderId },
    select: { cloud: true, clientId: true, tenantId: true, redirectUri: true },
  });
}

type About = Pick<
  IncidentRow,
  "id" | "kind" | "cloudProviderId" | "subject" | "onlyAccountId" | "accounts"
>;

export async function findRepairObjects(tx: Transaction, incidents: readonly About[]) {
  const providers = await findProviders(tx, incidents);
  const accounts = await findAccounts(tx, incidents);
  const people = await findPeople(tx, incidents);
  return new Map(
    incidents.map((incident) => {
      const { id, cloudProviderId, onlyAccountId, accounts: count } = incident;
      const provider = cloudProviderId === null ? undefined : providers.get(cloudProviderId);
      const account = onlyAccountId === null ? undefined : accounts.get(onlyAccountId);
      const service = serviceOf(incident, provider?.type);
      const signIns = people.filter(({ incidentId }) => incidentId === id);
      const shared = { ...service, provider: provider?.told, signIns };
      return [
        id,
        { ...shared, ...(account && repairObjectOf(account)), incident: { id, accounts: count } },
      ];
    }),
  );
}

/** By provider, or by the one server. */
function serviceOf({ kind, subject }: About, typeOfProvider: string | undefined): RepairObject {
  const id = SERVICES.find((each) => each === (typeOfProvider ?? subject));
  if (id) {
    const { platform: service, hostsAt } = mailService(id);
    return { service, ...(kind === "mail" && { hostsAt }) };
  }
  return kind === "mail" ? { service: null, hostsAt: "account" } : {};
}

type Provider = NonNullable<RepairObject["provider"]>;

async function findProviders(tx: Transaction, incidents: readonly About[]) {
  const ids = incidents.flatMap(({ cloudProviderId }) => cloudProviderId ?? []);
  if (ids.length === 0) return new Map<string, { told: Provider; type: string }>();
  const rows = await tx.$queryRaw<(Provider & { type: string })[]>`
    SELECT p.id, p."grant", p.type, coalesce(c.kind, '') AS "credentialKind" FROM "CloudProvider" p
    LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE p.id = ANY(${ids}::uuid[])`;
  return new Map(rows.map(({ type, ...told }) => [told.id, { told, type }]));
}

async function findAccounts(tx: Transaction, incidents: readonly About[]) {
  const ids = incidents.flatMap(({ onlyAccountId }) => onlyAccountId ?? []);
  if (ids.length === 0) return new Map<string, RepairableAccount>();
  const rows = await tx.$queryRaw<RepairableAccount[]>`
    SELECT e.id, e.username, e."emailAddress", e.mailbox, e."smtpUser", e.service,
      e."modernAuthentication", e."cloudProviderId", p."grant" AS "providerGrant",
      coalesce(p."grant" = 'app_only', FALSE) AS "isAppOnly", c.kind AS "credentialKind"
    FROM "EmailAccount" e LEFT JOIN "CloudProvider" p ON p.id = e."cloudProviderId"
    LEFT JOIN "ClientCredential" c ON c."cloudProviderId" = p.id AND c."supersededAt" IS NULL
    WHERE e.id = ANY(${ids}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
}

/** Who has to sign in again, by incident; an application has no name here. */
async function findPeople(tx: Transaction, incidents: readonly About[]) {
  const named = incidents.filter(
    ({ kind, accounts }) => kind === "sign_in" && accounts <= LINKS_BY_NAME,
  );
  if (named.length === 0) return [];
  const rows = await tx.$queryRaw<
    { incidentId: string; username: string; emailAccountId: string }[]
  >`
    SELECT i.id AS "incidentId", min(e.username) AS username, min(e.id::text) AS "emailAccountId"
    FROM "Incident" i JOIN "TokenSet" t ON t."failureId" = i."remedyId" AND t.state = 'sign_in_again'
    JOIN "Authorization" a ON a.id = t."authorizationId" AND a."cloudProviderId" = i."cloudProviderId"
    JOIN "EmailAccount" e ON e."cloudProviderId" = a."cloudProviderId" AND e."usernameKey" = a.username AND e.active
    WHERE i.id = ANY(${named.map(({ id }) => id)}::uuid[]) GROUP BY i.id, a.username ORDER BY a.username`;
  return rows.map(({ incidentId, username, emailAccountId }) => ({
    incidentId,
    username,
    of: { subject: "email_account", emailAccountId } as const,
  }));
}

/** A failure while recovering continues the incident. @returns whether anything changed */
export async function saveCauses(tx: Transaction, causes: Cause[], now: Date): Promise<boolean> {
  const rows = JSON.stringify(causes.map((cause) => ({ id: randomUUID(), ...cause })));
  const changed = await tx.$executeRaw`
    INSERT INTO "Incident" AS i (id, cause, kind, "remedyId", "cloudProviderId", subject, accounts,
      "peakAccounts", "accountNames", "onlyAccountId", "openedAt")
    SELECT id, cause, kind, "remedyId", "cloudProviderId", subject, accounts, accounts,
      "accountNames", "onlyAccountId", ${now}
    FROM jsonb_to_recordset(${rows}::jsonb) AS found(id uuid, cause text, kind text,
      "remedyId" text, "cloudProviderId" uuid, subject text, accounts int, "accountNames" text[],
      "onlyAccountId" uuid)
    ON CONFLICT (cause) WHERE "resolvedAt" IS NULL DO UPDATE SET
      "remedyId" = excluded."remedyId", subject = excluded.subject, accounts = excluded.accounts,
      "peakAccounts" = greatest(i."peakAccounts", excluded.accounts),
      "accountNames" = excluded."accountNames", "onlyAccountId" = excluded."onlyAccountId",
      "openedAt" = CASE WHEN i."quietSince" IS NULL THEN i."openedAt" ELSE excluded."openedAt" END,
      "firstOpenedAt" = CASE WHEN i."quietSince" IS NULL THEN i."firstOpenedAt"
        ELSE coalesce(i."firstOpenedAt", i."openedAt") END,
      "quietSince" = NULL
    WHERE (i."remedyId", i.subject, i.accounts, i."accountNames", i."onlyAccountId", i."quietSince")
      IS DISTINCT FROM (excluded."remedyId", excluded.subject, excluded.accounts,
        excluded."accountNames", excluded."onlyAccountId", NULL::timestamptz)`;
  const quiet = await tx.$executeRaw`
    UPDATE "Incident" i SET "quietSince" = ${now}, accounts = 0
    WHERE "resolvedAt" IS NULL AND "quietSince" IS NULL AND NOT ${AWAITS_TEST} AND NOT ${IS_HIDDEN}
      AND cause <> ALL(${causes.map(({ cause }) => cause)})`;
  return changed + quiet > 0;
}

/** Its only account was edited and its test is due: an edit alone resolves nothing. */
const AWAITS_TEST = Prisma.sql`(i.kind = 'mail' AND EXISTS (SELECT FROM "EmailAccount" e
  WHERE e.id = i."onlyAccountId" AND e."lastTestedAt" IS NULL AND (${isTestDue} OR ${isTestInLine})))`;

/** Times written by a clock that ran ahead become now. */
export async function setIncidentsRight(): Promise<void> {
  await db().$executeRaw`UPDATE "Incident" SET "openedAt" = least("openedAt", now()),
      "firstOpenedAt" = least("firstOpenedAt", now()), "announcedAt" = least("announcedAt", now()), "quietSince" = least("quietSince", now())
    WHERE "resolvedAt" IS NULL AND (postkey_is_ahead("openedAt") OR postkey_is_ahead("firstOpenedAt")
      OR postkey_is_ahead("announcedAt")
      OR postkey_is_ahead("quietSince"))`;
}

export async function deleteOldIncidents(): Promise<void> {
  const before = await databaseNow(-KEPT_DAYS * DAY_MS);
  await db().incident.deleteMany({ where: { resolvedAt: { lt: before } } });
  await db().stateChange.deleteMany({ where: { at: { lt: before } } });
}

/** With stale statistics, nested loops over 5,000 failing sign-ins exceed the timeout. */
export async function readWithoutLoops(tx: Transaction): Promise<void> {
  await tx.$executeRaw`SET LOCAL enable_nestloop = off`;
}
