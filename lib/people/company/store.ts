import { companyDestination, companyTokenDestination } from "@/lib/installation/keys/destinations";
import { type SealPlace, seal } from "@/lib/kernel/crypto";
import { db } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";
import { AppError } from "@/lib/kernel/errors";
import { LEASES } from "@/lib/kernel/leases";
import { openOrLock } from "@/lib/kernel/open-sealed";
import type { Transaction } from "@/lib/kernel/transaction";
import { presetSchema } from "@/lib/oauth/openid/schema";
import { refusedBy } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { roleSchema } from "../roles/schema";
import { tellPerson } from "../store";
import { roleValuesSchema } from "./schema";
import { isSlug } from "./slugs";

type Registered = { id: string; issuer: string; clientId: string };

/** The secret goes to the token endpoint that the issuer names, and as this client alone. */
export function sealClientSecret(company: Registered, secret: string): string {
  return seal(env().keyring, secretPlace(company), secret);
}

function openClientSecret(company: Registered, sealed: string): string {
  return openOrLock(
    secretPlace(company),
    sealed,
    "The client secret of this company sign-in can't be decrypted: the encryption key is a different one, or its issuer was changed. Enter it again.",
  );
}

function secretPlace({ id, issuer, clientId }: Registered): SealPlace {
  const destination = companyDestination({ companySignInId: id, issuer, clientId });
  return { table: "CompanySignIn", id, column: "clientSecretSealed", destination };
}

type Cell = { sessionId: string; column: "idTokenSealed" | "refreshTokenSealed" };

/** What a session keeps of its company: for that company alone. */
export function sealForSession(company: Registered, cell: Cell, value: string): string {
  return seal(env().keyring, tokenPlace(company, cell), value);
}

export function openOfSession(company: Registered, cell: Cell, sealed: string): string {
  return openOrLock(tokenPlace(company, cell), sealed, "The company's token can't be decrypted.");
}

function tokenPlace(company: Registered, { sessionId, column }: Cell): SealPlace {
  const { id, issuer, clientId } = company;
  const destination = companyTokenDestination({ companySignInId: id, issuer, clientId }, sessionId);
  return { table: "Session", id: sessionId, column, destination };
}

export async function findCompany(
  where: { slug: string } | { id: string } | { issuer: string },
  tx: Transaction = db(),
) {
  if ("slug" in where && !isSlug(where.slug)) return null;
  const row = await tx.companySignIn.findUnique({ where });
  if (!row) return null;
  const { clientSecretSealed, testReport, testedAt, createdAt, cloud, ...rest } = row;
  return {
    ...rest,
    preset: presetSchema.parse(row.preset),
    roleValues: roleValuesSchema.parse(row.roleValues),
    defaultRole: roleSchema.nullable().parse(row.defaultRole),
    clientSecret: () => openClientSecret(row, clientSecretSealed),
  };
}
export type Company = NonNullable<Awaited<ReturnType<typeof findCompany>>>;

/**
 * In the transaction of what a company's proof gives, after the row of the person: what was switched off or changed
 * meanwhile gives nothing. To switch it off waits for that lock, and ends what was given before. @throws AppError
 * conflict
 */
export async function requireUnchangedCompany(
  { id, version }: Pick<Company, "id" | "version">,
  tx: Transaction = db(),
): Promise<void> {
  const select = { enabled: true, version: true };
  const now = await tx.companySignIn.findUnique({ where: { id }, select });
  if (!now?.enabled) throw refusedBy("company.switched_off", "conflict");
  if (now.version !== version) throw refusedBy("company.not_completed", "conflict");
}

const POLICY = 1;

/** Whether people of a role sign in at their company alone; passwords of administrators are for emergencies. */
export async function isPasswordRefused(role: string | undefined, tx: Transaction = db()) {
  return role !== "administrator" && (await isCompanyOnly(tx));
}

/** Whether passwords are for emergencies alone: as long as there is a company to sign in at. */
export async function isCompanyOnly(tx: Transaction = db()): Promise<boolean> {
  const policy = await tx.companyPolicy.findUnique({ where: { id: POLICY } });
  if (!policy?.only) return false;
  return (await tx.companySignIn.count({ where: { enabled: true } })) > 0;
}

export async function saveCompanyOnly(tx: Transaction, only: boolean): Promise<void> {
  await tx.companyPolicy.upsert({
    where: { id: POLICY },
    create: { id: POLICY, only },
    update: { only, passwordUsedAt: null, passwordUsedByName: null, usedMethod: null },
    select: { id: true },
  });
}

export async function notePasswordUse(
  { name, method }: { name: string; method: "password" | "passkey" },
  tx: Transaction = db(),
): Promise<void> {
  await tx.$executeRaw`UPDATE "CompanyPolicy" SET "passwordUsedAt" = now(), "passwordUsedByName" = ${name},
    "usedMethod" = ${method} WHERE id = ${POLICY} AND "only"`;
}

/** Of administrators alone while a company signs people in, and each use is an incident. */
export async function requirePasswordAllowed(
  person: { id: string; name: string },
  method: "password" | "passkey",
): Promise<void> {
  if (!(await isCompanyOnly())) return;
  const { id, name } = person;
  await db().$transaction(async (tx) => {
    const found = await tx.administrator.findUnique({ where: { id }, select: { role: true } });
    if (found?.role !== "administrator")
      throw new AppError(
        "access_denied",
        "Only administrators can sign in here. Go back and sign in with your company.",
      );
    await notePasswordUse({ name, method }, tx);
    await tellPerson(tx, { action: "session.emergency", id, name, detail: { method } });
  });
}

export async function bindSession(
  tx: Transaction,
  sessionId: string,
  bound: {
    identityId: string;
    hours: number;
    sid: string | null;
    idTokenSealed: string | null;
    refreshTokenSealed: string | null;
    /** When the person signed in at the company, in seconds; null where it did not say. */
    signedInAt: number | null;
  },
): Promise<void> {
  const { identityId, hours, sid, idTokenSealed, refreshTokenSealed, signedInAt } = bound;
  await tx.$executeRaw`UPDATE "Session" SET method = 'company', "identityId" = ${identityId}::uuid,
    "companySid" = ${sid}, "idTokenSealed" = ${idTokenSealed}, "refreshTokenSealed" = ${refreshTokenSealed},
    "recheckAt" = CASE WHEN ${refreshTokenSealed}::text IS NULL THEN NULL ELSE ${untilNextCheck} END,
    "provenAt" = least(now(), to_timestamp(${signedInAt}::float8)),
    "expiresAt" = now() + make_interval(hours => ${hours}::int) WHERE id = ${sessionId}::uuid`;
}

/** Of all who came from a company, but for one. @returns how many ended */
export async function endSessionsAt(tx: Transaction, companySignInId: string, butFor = "") {
  const { count } = await tx.session.deleteMany({
    where: { identity: { companySignInId }, ...(butFor && { id: { not: butFor } }) },
  });
  return count;
}

const untilNextCheck = Prisma.raw(LEASES.companyRecheck.until);
const isCheckDue = Prisma.raw(LEASES.companyRecheck.isFree('"recheckAt"'));

export type DueSession = {
  id: string;
  administratorId: string;
  companySignInId: string;
  refreshTokenSealed: string;
};

export async function claimDueSession(): Promise<DueSession | null> {
  // Ends: One session after the other, until none is due.
  const [due] = await db().$queryRaw<DueSession[]>`
    UPDATE "Session" s SET "recheckAt" = ${untilNextCheck}
    FROM "AdministratorIdentity" i
    WHERE i.id = s."identityId" AND s.id = (
      SELECT id FROM "Session" WHERE ${isCheckDue} AND "refreshTokenSealed" IS NOT NULL
      ORDER BY "recheckAt" LIMIT 1 FOR UPDATE SKIP LOCKED)
    RETURNING s.id, s."administratorId", i."companySignInId", s."refreshTokenSealed"`;
  return due ?? null;
}

export async function keepRefreshToken(sessionId: string, sealed: string): Promise<void> {
  await db().session.updateMany({ where: { id: sessionId }, data: { refreshTokenSealed: sealed } });
}

export type Hint = { companySignInId: string; idTokenSealed: string };

export async function findHint(sessionId: string): Promise<Hint | null> {
  const [hint] = await db().$queryRaw<Hint[]>`
    SELECT i."companySignInId", s."idTokenSealed" FROM "Session" s
    JOIN "AdministratorIdentity" i ON i.id = s."identityId"
    WHERE s.id = ${sessionId}::uuid AND s."idTokenSealed" IS NOT NULL`;
  return hint ?? null;
}
