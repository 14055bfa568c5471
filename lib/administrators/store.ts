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

/** From the failure after `free` on, each doubles the wait, up to the longest. */
export type Throttle = { subject: string; free: number; maxWaitMs: number };

/** @returns milliseconds until none of these waits any more; 0 or less where none does */
export async function findWait(throttles: Throttle[]): Promise<number> {
  const subjects = throttles.map(({ subject }) => subject);
  const [row] = await db().$queryRaw<{ ms: number | null }[]>`
    SELECT extract(epoch FROM max("blockedUntil") - clock_timestamp())::float * 1000 AS ms
    FROM "SignInThrottle" WHERE subject = ANY(${subjects}::text[])`;
  return row?.ms ?? 0;
}

/** What was counted for one attempt, so that it can be taken back. */
export type Attempt = { subject: string; blockedUntil: Date }[];

/**
 * Counts an attempt as failed before anybody knows whether it is: of many that come at once, each is counted,
 * and those that come after the one that begins a wait are refused.
 *
 * @returns null when one of the subjects waits; nothing is counted then
 */
export async function countAttempt(throttles: Throttle[]): Promise<Attempt | null> {
  // In one order everywhere, so that two attempts cannot wait for each other.
  const sorted = throttles.toSorted((a, b) => (a.subject < b.subject ? -1 : 1));
  return db()
    .$transaction(async (tx) => {
      const counted: Attempt = [];
      for (const throttle of sorted) counted.push(await countOne(tx, throttle));
      return counted;
    })
    .catch((error: unknown) => {
      if (error instanceof Waits) return null;
      throw error;
    });
}

class Waits extends Error {}

async function countOne(tx: Transaction, { subject, free, maxWaitMs }: Throttle) {
  const [row] = await tx.$queryRaw<Attempt>`
    INSERT INTO "SignInThrottle" AS t (subject, failures, "blockedUntil")
    VALUES (${subject}, 1, clock_timestamp())
    ON CONFLICT (subject) DO UPDATE SET failures = t.failures + 1, "updatedAt" = now(),
      "blockedUntil" = clock_timestamp() + CASE WHEN t.failures + 1 < ${free} THEN interval '0'
        ELSE least(power(2, least(t.failures + 1 - ${free}, 30)) * 1000, ${maxWaitMs}::float)
          * interval '1 millisecond' END
    WHERE t."blockedUntil" <= clock_timestamp() RETURNING subject, "blockedUntil"`;
  if (!row) throw new Waits();
  return row;
}

/** Takes an attempt back that was none, with the wait that it began. */
export async function refundAttempt(attempt: Attempt): Promise<void> {
  for (const { subject, blockedUntil } of attempt)
    await db().$executeRaw`
      UPDATE "SignInThrottle" SET failures = greatest(failures - 1, 0),
        "blockedUntil" = CASE WHEN "blockedUntil" = ${blockedUntil}::timestamptz
          THEN clock_timestamp() ELSE "blockedUntil" END
      WHERE subject = ${subject}`;
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
