import "server-only";
import { randomUUID } from "node:crypto";
import { recordAudit } from "@/lib/audit/mutations";
import { fromNow, HOUR_MS, MINUTE_MS } from "@/lib/clock";
import { db, serializable, type Transaction } from "@/lib/db";

/** ASVS 7.3: a session ends after 30 minutes without a request, and after 12 hours in any case. */
const SESSION_IDLE_MS = 30 * MINUTE_MS;
export const SESSION_ABSOLUTE_MS = 12 * HOUR_MS;
/** Writing "last seen" at each request would cost more than it tells. */
const TOUCH_AFTER_MS = MINUTE_MS;

export type AdministratorIdentity = { id: string; email: string; name: string };

const identityView = { id: true, email: true, name: true } as const;

export async function countAdministrators(): Promise<number> {
  return db().administrator.count();
}

/** The account with its hash, for signing in only. */
export async function findCredentials(email: string) {
  return db().administrator.findUnique({
    where: { email, disabledAt: null },
    select: { ...identityView, passwordHash: true },
  });
}

/** A new session with a new id at every sign-in, so that none can be planted beforehand. */
export async function createSession(
  administratorId: string,
  tx: Transaction = db(),
): Promise<string> {
  const session = await tx.session.create({
    data: { id: randomUUID(), administratorId, expiresAt: fromNow(SESSION_ABSOLUTE_MS) },
    select: { id: true },
  });
  return session.id;
}

/** The person behind a session that is alive; null when it ended, idled out or was disabled. */
export async function findSession(sessionId: string): Promise<AdministratorIdentity | null> {
  const session = await db().session.findFirst({
    where: {
      id: sessionId,
      expiresAt: { gt: new Date() },
      lastSeenAt: { gt: fromNow(-SESSION_IDLE_MS) },
      administrator: { disabledAt: null },
    },
    select: { lastSeenAt: true, administrator: { select: identityView } },
  });
  if (!session) return null;
  if (Date.now() - session.lastSeenAt.getTime() > TOUCH_AFTER_MS) await touchSession(sessionId);
  return session.administrator;
}

/** Without counting as a sign of life of the person. */
export async function isSessionAlive(sessionId: string): Promise<boolean> {
  const count = await db().session.count({
    where: {
      id: sessionId,
      expiresAt: { gt: new Date() },
      lastSeenAt: { gt: fromNow(-SESSION_IDLE_MS) },
      administrator: { disabledAt: null },
    },
  });
  return count > 0;
}

async function touchSession(sessionId: string): Promise<void> {
  await db().session.updateMany({ where: { id: sessionId }, data: { lastSeenAt: new Date() } });
}

export async function deleteSession(sessionId: string, tx: Transaction = db()): Promise<boolean> {
  return (await tx.session.deleteMany({ where: { id: sessionId } })).count > 0;
}

export async function deleteEndedSessions(): Promise<void> {
  await db().session.deleteMany({ where: { expiresAt: { lt: new Date() } } });
  await db().signInThrottle.deleteMany({ where: { updatedAt: { lt: fromNow(-24 * HOUR_MS) } } });
}

type Throttle = { failures: number; blockedUntil: Date };

export async function findThrottles(subjects: string[]): Promise<Throttle[]> {
  return db().signInThrottle.findMany({
    where: { subject: { in: subjects } },
    select: { failures: true, blockedUntil: true },
  });
}

/** Counts one more failure and says how many there are now. */
export async function countFailure(subject: string): Promise<number> {
  const row = await db().signInThrottle.upsert({
    where: { subject },
    create: { subject, failures: 1, blockedUntil: new Date() },
    update: { failures: { increment: 1 }, updatedAt: new Date() },
    select: { failures: true },
  });
  return row.failures;
}

export async function blockUntil(subject: string, blockedUntil: Date): Promise<void> {
  await db().signInThrottle.updateMany({ where: { subject }, data: { blockedUntil } });
}

export async function clearThrottles(subjects: string[]): Promise<void> {
  await db().signInThrottle.deleteMany({ where: { subject: { in: subjects } } });
}

/** The link of the first administrator; a new one voids the last. */
export async function replaceSetupLink(tokenHash: string, expiresAt: Date): Promise<void> {
  await db().$transaction([
    db().setupLink.deleteMany({ where: { invitedByName: null } }),
    db().setupLink.create({ data: { tokenHash, expiresAt } }),
  ]);
}

/** Whether somebody who was invited has not come yet. */
export async function hasOpenInvitation(): Promise<boolean> {
  const open = { invitedByName: { not: null }, expiresAt: { gt: new Date() } };
  return (await db().setupLink.count({ where: open })) > 0;
}

export async function isLinkOpen(tokenHash: string): Promise<boolean> {
  const open = { tokenHash, expiresAt: { gt: new Date() } };
  return (await db().setupLink.count({ where: open })) > 0;
}

export type NewAdministrator = { email: string; name: string; passwordHash: string };

/**
 * Spends a link. The one of the first administrator is good only while there is none.
 * @returns null when the link is spent, unknown, void or too old, or somebody was faster
 */
export async function createByLink(
  tokenHash: string,
  data: NewAdministrator,
): Promise<AdministratorIdentity | null> {
  return serializable(async (tx) => {
    const link = await tx.setupLink.findFirst({
      where: { tokenHash, expiresAt: { gt: new Date() } },
      select: { invitedByName: true },
    });
    if (!link) return null;
    if (link.invitedByName === null && (await tx.administrator.count()) > 0) return null;
    const { count } = await tx.setupLink.deleteMany({ where: { tokenHash } });
    if (count !== 1) return null;
    const created = await tx.administrator.create({ data, select: identityView });
    const by = link.invitedByName ?? "the first start";
    await recordCreation(tx, created, { invitedBy: by });
    return created;
  });
}

export async function createAdministrator(data: NewAdministrator): Promise<void> {
  await db().$transaction(async (tx) => {
    const created = await tx.administrator.create({ data, select: identityView });
    await recordCreation(tx, created, { invitedBy: "the first start" });
  });
}

async function recordCreation(
  tx: Transaction,
  { id, name }: AdministratorIdentity,
  detail: { invitedBy: string },
): Promise<void> {
  const object = { kind: "administrator", id, name };
  const action = "administrator.create";
  await recordAudit(tx, { kind: "user", id, name }, { action, object, detail });
}
