import { randomUUID } from "node:crypto";
import { DAY_MS, HOUR_MS } from "@/lib/kernel/clock";
import { databaseNow } from "@/lib/kernel/database-clock";
import { isReadOnly } from "@/lib/kernel/database-errors";
import { db, prepared } from "@/lib/kernel/db";
import { AppError } from "@/lib/kernel/errors";
import type { Transaction } from "@/lib/kernel/transaction";
import { refusedBy } from "@/lib/remedies/app-error";
import { Prisma } from "@/prisma/generated/client";
import { findOpenLink, forgetExpiredFor } from "../links/store";
import type { Role } from "../roles/schema";
import { decideAboutPeople, tellPerson } from "../store";
import { MAX_SESSION_HOURS } from "./schema";

/** ASVS 7.3: a session ends after 30 minutes without a request. */
const SESSION_IDLE = Prisma.sql`interval '30 minutes'`;
export const SESSION_ABSOLUTE_MS = MAX_SESSION_HOURS * HOUR_MS;
const LONGEST = Prisma.raw(`interval '${MAX_SESSION_HOURS + 1} hours'`);
/** A clock that is set back by less than the idle time ends no session. */
export const sessionLives = Prisma.sql`(postkey_holds(s."expiresAt", ${LONGEST})
  AND postkey_holds(s."lastSeenAt" + ${SESSION_IDLE}, 2 * ${SESSION_IDLE}) AND a."disabledAt" IS NULL)`;

export type AdministratorIdentity = { id: string; email: string; name: string };

const identityView = { id: true, email: true, name: true } as const;

export async function countAdministrators(): Promise<number> {
  return db().administrator.count();
}

export async function findCredentials(email: string) {
  return db().administrator.findUnique({
    where: { email, disabledAt: null },
    select: { ...identityView, passwordHash: true },
  });
}

/**
 * In the transaction of what a proof gives. The row is written, not only locked: a reset, a new password or a
 * disabling at the same moment waits or starts again, whatever its isolation, and then ends what began here.
 * @throws AppError unauthenticated
 */
export async function requireUnchanged(
  tx: Transaction,
  { id, passwordHash }: { id: string; passwordHash?: string | null },
): Promise<void> {
  const { count } = await tx.administrator.updateMany({
    where: { id, disabledAt: null, ...(passwordHash !== undefined && { passwordHash }) },
    data: { disabledAt: null },
  });
  if (count === 0)
    throw new AppError(
      "unauthenticated",
      "This account was changed in the meantime. Sign in again.",
    );
}

/** A new session with a new id at every sign-in, so that none can be planted beforehand. */
export async function createSession(
  administratorId: string,
  began: { address?: string; browser?: string; method?: string; twoFactors?: boolean } = {},
  tx: Transaction = db(),
): Promise<string> {
  const expiresAt = await databaseNow(SESSION_ABSOLUTE_MS, tx);
  const session = await tx.session.create({
    data: { id: randomUUID(), administratorId, expiresAt, ...began },
    select: { id: true },
  });
  return session.id;
}

export type SignedIn = AdministratorIdentity & {
  role: Role;
  isProvenLately: boolean;
  needsSecondFactor: boolean;
};

/** What is dangerous asks for proof again when the last is older (OWASP ASVS 7.5.3). */
const PROVEN_FOR = Prisma.sql`interval '10 minutes'`;

/** Of `a`: a session that proved a factor which is gone since has proved none. */
export const hasFactors = Prisma.sql`(EXISTS (SELECT 1 FROM "Authenticator" t
    WHERE t."administratorId" = a.id AND t."confirmedAt" IS NOT NULL)
  OR EXISTS (SELECT 1 FROM "Passkey" p WHERE p."administratorId" = a.id))`;

/** Of `a`: a passkey is another way in, unless the role needs two factors or there is no password. */
export const isAskedForFactor = Prisma.sql`(EXISTS (SELECT 1 FROM "Authenticator" t
    WHERE t."administratorId" = a.id AND t."confirmedAt" IS NOT NULL)
  OR EXISTS (SELECT 1 FROM "Passkey" p WHERE p."administratorId" = a.id)
    AND (a."passwordHash" IS NULL OR EXISTS (SELECT 1 FROM "Installation" i
      WHERE i.id = 1 AND a.role = ANY (i."secondFactorRoles"))))`;

const lacksFactor = Prisma.sql`(coalesce(a.role = ANY (i."secondFactorRoles"), false) AND s.method <> 'company'
  AND NOT (s."twoFactors" AND ${hasFactors}))`;

export async function findSession(sessionId: string): Promise<SignedIn | null> {
  const [session] = await prepared<SignedIn & { isSeenLately: boolean }>(Prisma.sql`
    SELECT a.id, a.email, a.name, a.role, s."provenAt" BETWEEN now() - ${PROVEN_FOR} AND now() + ${PROVEN_FOR}
        AS "isProvenLately",
      ${lacksFactor} AS "needsSecondFactor",
      s."lastSeenAt" BETWEEN now() - ${TOUCH_AFTER} AND now() + ${TOUCH_AFTER} AS "isSeenLately"
    FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
      LEFT JOIN "Installation" i ON i.id = 1
    WHERE s.id = ${sessionId}::uuid AND ${sessionLives}`);
  if (!session) return null;
  const { isSeenLately, ...administrator } = session;
  if (!isSeenLately)
    await touchSession(sessionId).catch((error: unknown) => {
      // Pages that only read are shown while nothing can be written.
      if (!isReadOnly(error)) throw error;
    });
  return administrator;
}

/** Without counting as a sign of life of the person. */
export async function isSessionAlive(sessionId: string): Promise<boolean> {
  const alive = await db().$queryRaw<object[]>`
    SELECT s.id FROM "Session" s JOIN "Administrator" a ON a.id = s."administratorId"
      LEFT JOIN "Installation" i ON i.id = 1
    WHERE s.id = ${sessionId}::uuid AND ${sessionLives} AND NOT ${lacksFactor}`;
  return alive.length > 0;
}

/** Writing "last seen" at each request would cost more than it tells. */
const TOUCH_AFTER = Prisma.sql`interval '1 minute'`;

async function touchSession(sessionId: string): Promise<void> {
  await db().$executeRaw`UPDATE "Session" SET "lastSeenAt" = now() WHERE id = ${sessionId}::uuid`;
}

export async function deleteSession(sessionId: string, tx: Transaction = db()): Promise<boolean> {
  return (await tx.session.deleteMany({ where: { id: sessionId } })).count > 0;
}

export async function deleteEndedSessions(): Promise<void> {
  await db().session.deleteMany({ where: { expiresAt: { lt: await databaseNow() } } });
  await db().signInThrottle.deleteMany({
    where: { updatedAt: { lt: await databaseNow(-DAY_MS) } },
  });
}

const CREATED = "administrator.create"; // the action in the trail

export type NewAdministrator = { email: string; name: string; passwordHash: string | null };

/** The first administrator's link is good while there is none; null for a link that opens nothing. */
export async function createByLink(
  tokenHash: string,
  data: NewAdministrator,
  andThen?: (tx: Transaction, created: AdministratorIdentity) => Promise<void>,
): Promise<AdministratorIdentity | null> {
  // People before links, as what voids links takes them.
  return decideAboutPeople(async (tx) => {
    const link = await findOpenLink(tokenHash, tx);
    if (!link) return null;
    if (link.invitedByName === null && (await tx.administrator.count()) > 0) return null;
    if (link.email !== null && link.email !== data.email)
      throw refusedBy("company.invitation_foreign", "access_denied");
    const { count } = await tx.setupLink.deleteMany({ where: { tokenHash } });
    if (count !== 1) return null;
    const { role } = link;
    const created = await tx.administrator.create({
      data: { ...data, role },
      select: identityView,
    });
    const by = link.invitedByName ?? "the first start";
    await forgetExpiredFor(tx, data.email);
    const { id, name } = created;
    await tellPerson(tx, { action: CREATED, id, name, detail: { invitedBy: by, role } });
    await andThen?.(tx, created);
    return created;
  });
}

export async function createAdministrator(data: NewAdministrator): Promise<void> {
  await db().$transaction(async (tx) => {
    const created = await tx.administrator.create({ data, select: { id: true, name: true } });
    await tellPerson(tx, { action: CREATED, ...created, detail: { invitedBy: "the first start" } });
  });
}

/**
 * Last in the same serializable transaction: of two who take each other's way in at once, one is refused. A sign-in
 * at the company does not count, because it may be broken. @throws AppError conflict
 */
export async function requireAdministratorLeft(tx: Transaction): Promise<void> {
  if ((await countLocalAdministrators(tx)) > 0) return;
  const message = "At least one administrator must be able to sign in with a password.";
  throw new AppError("conflict", message);
}

/** Whatever becomes of their company's sign-in. */
export async function countLocalAdministrators(tx: Transaction = db(), butFor = "") {
  return tx.administrator.count({
    where: {
      role: "administrator",
      disabledAt: null,
      passwordHash: { not: null },
      ...(butFor && { id: { not: butFor } }),
    },
  });
}
