import "server-only";
import { findKeptOut } from "@/lib/contacts/privacy/store";
import { atMost } from "@/lib/kernel/batch";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db, pool } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import { singleton } from "@/lib/kernel/singleton";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import type { SkipReason } from "@/lib/mail/senders";
import { signedInName } from "@/lib/sign-ins/identities";
import { Prisma } from "@/prisma/generated/client";

/** Seconds without a sign of its keeper after which another one follows an inbox. */
const LEASE_S = 45;
/** Of a state of capture `s`. */
export const IS_FOLLOWED = `postkey_holds(s."leaseUntil", interval '${LEASE_S} s')`;
/** A quarter of an hour is the longest pause after a failure: follow.ts. */
const WAITS = `(postkey_holds(s."retryAt", interval '15 minutes') AND NOT postkey_is_ahead(s."failedAt"))`;

export type CaptureClaim = {
  emailAccountId: string;
  fence: number;
  /** Of the account when it was claimed: an edit begins anew. */
  accountVersion: number;
  failures: number;
};

/** Somebody signed in, or the token was renewed, since the account `e` failed: it is worth trying at once. */
const HAS_NEWER_TOKEN = `EXISTS (SELECT FROM "CloudProvider" p
  JOIN "Authorization" a ON a."cloudProviderId" = p.id AND a.username = ${signedInName("e", "p")}
  JOIN "TokenSet" t ON t."authorizationId" = a.id
  WHERE p.id = e."cloudProviderId" AND t."refreshedAt" > s."failedAt")`;
const ELIGIBLE = `e.active AND e."contactListId" IS NOT NULL`;

/**
 * Takes inboxes that nobody follows, the longest waiting first. In the row, by the database's clock,
 * with a fence, as the leases of tokens.
 */
export async function claimInboxes(owner: string, limit: number): Promise<CaptureClaim[]> {
  if (limit <= 0) return [];
  const { rows } = await pool().query<CaptureClaim>({
    name: "claim-inboxes",
    text: `WITH free AS (
        SELECT e.id, e.version FROM "EmailAccount" e
        LEFT JOIN "CaptureState" s ON s."emailAccountId" = e.id
        WHERE ${ELIGIBLE} AND NOT ${IS_FOLLOWED}
          AND (NOT ${WAITS} OR ${HAS_NEWER_TOKEN})
        ORDER BY s."retryAt" NULLS FIRST, e.id LIMIT $2 FOR UPDATE OF e SKIP LOCKED
      )
      INSERT INTO "CaptureState" AS s ("emailAccountId", "leaseOwner", "leaseUntil", fence)
      SELECT id, $1, now() + make_interval(secs => ${LEASE_S}), 1 FROM free
      ON CONFLICT ("emailAccountId") DO UPDATE SET "leaseOwner" = $1,
        "leaseUntil" = now() + make_interval(secs => ${LEASE_S}), fence = s.fence + 1
        WHERE NOT ${IS_FOLLOWED}
      RETURNING s."emailAccountId", s.fence, s.failures,
        (SELECT version FROM free WHERE id = s."emailAccountId") AS "accountVersion"`,
    values: [owner, limit],
  });
  return rows;
}

/**
 * Keeps what is still to be followed.
 * @returns the accounts that are, with their version; whoever is missing has to be let go
 */
export async function keepInboxes(owner: string): Promise<Map<string, number>> {
  const { rows } = await pool().query<{ id: string; version: number }>({
    name: "keep-inboxes",
    text: `UPDATE "CaptureState" s SET "leaseUntil" = now() + make_interval(secs => ${LEASE_S})
      FROM "EmailAccount" e
      WHERE s."leaseOwner" = $1 AND e.id = s."emailAccountId" AND ${ELIGIBLE} AND ${IS_FOLLOWED}
      RETURNING e.id, e.version`,
    values: [owner],
  });
  return new Map(rows.map(({ id, version }) => [id, version]));
}

/** How many inboxes there are to follow, and among how many keepers. */
export async function countWork(): Promise<{ inboxes: number; keepers: number }> {
  const { rows } = await pool().query<{ inboxes: number; keepers: number }>({
    name: "count-inboxes",
    text: `SELECT (SELECT count(*)::int FROM "EmailAccount" e WHERE ${ELIGIBLE}) AS inboxes,
      (SELECT count(*)::int FROM "KeeperHeartbeat"
        WHERE "beatAt" > now() - interval '15 seconds' AND NOT postkey_is_ahead("beatAt")) AS keepers`,
  });
  return rows[0] ?? { inboxes: 0, keepers: 1 };
}

export async function releaseInbox(
  owner: string,
  { emailAccountId }: Pick<CaptureClaim, "emailAccountId">,
): Promise<void> {
  await db().captureState.updateMany({
    where: { emailAccountId, leaseOwner: owner },
    data: { leaseOwner: null, leaseUntil: null, followingSince: null },
  });
}

export async function releaseInboxes(owner: string): Promise<void> {
  await db().captureState.updateMany({
    where: { leaseOwner: owner },
    data: { leaseOwner: null, leaseUntil: null, followingSince: null },
  });
}

export type StoredPosition = {
  uidValidity: bigint | null;
  lastUid: bigint;
  lastReceivedAt: Date | null;
};

export function findPosition(emailAccountId: string): Promise<StoredPosition> {
  return db().captureState.findUniqueOrThrow({
    where: { emailAccountId },
    select: { uidValidity: true, lastUid: true, lastReceivedAt: true },
  });
}

export type CapturedSender = { email: string; name: string; receivedAt: Date };

export type Progress = {
  uidValidity: bigint;
  lastUid: number;
  lastReceivedAt: Date | null;
  messages: number;
  senders: CapturedSender[];
  skipped: Partial<Record<SkipReason, number>>;
};

type Saved = { isHeld: boolean; added: number };

/**
 * Contacts and position in one transaction: whoever dies in the middle reads the same again, and
 * whoever lost the inbox to another keeper changes nothing. An address that the Contacts Manager knows,
 * in whichever list, stays where it is; one that was erased is kept out.
 */
export function saveProgress(
  owner: string,
  claim: CaptureClaim,
  progress: Progress,
): Promise<Saved> {
  return inTurn()(() => save(owner, claim, progress));
}

/**
 * Of the connections to the database, those that a thousand inboxes may hold at a time: the others are
 * for tokens, which must not wait for senders.
 */
const SAVED_AT_ONCE = 4;
const inTurn = () => singleton("capture-saves", () => atMost(SAVED_AT_ONCE));

async function save(
  owner: string,
  { emailAccountId, fence }: CaptureClaim,
  progress: Progress,
): Promise<Saved> {
  return db().$transaction(async (tx) => {
    const found = bySender(progress.senders);
    const keptOut = await findKeptOut(
      tx,
      found.map(({ key }) => key),
    );
    const senders = found.filter(({ key }) => !keptOut.has(key));
    const skipped = {
      ...progress.skipped,
      ...(keptOut.size > 0 && { erased: found.length - senders.length }),
    };
    const [held] = await tx.$queryRaw<{ contactListId: string; isFollowed: boolean }[]>`
      UPDATE "CaptureState" s SET "uidValidity" = ${progress.uidValidity}, "lastUid" = ${progress.lastUid},
        "lastReceivedAt" = coalesce(${progress.lastReceivedAt}, s."lastReceivedAt"),
        messages = s.messages + ${progress.messages}, "readAt" = now(),
        "followingSince" = coalesce(s."followingSince", now()), failures = 0,
        "failureId" = NULL, "failedAt" = NULL, "retryAt" = NULL,
        skipped = s.skipped || coalesce((SELECT jsonb_object_agg(key, coalesce((s.skipped->>key)::bigint, 0) + value::bigint)
          FROM jsonb_each_text(${JSON.stringify(skipped)}::jsonb)), '{}')
      FROM "EmailAccount" e, (${before(emailAccountId)}) old
      WHERE s."emailAccountId" = ${emailAccountId}::uuid AND s."leaseOwner" = ${owner} AND s.fence = ${fence}
        AND e.id = s."emailAccountId" AND e.active AND e."contactListId" IS NOT NULL
      RETURNING e."contactListId", old."isFollowed"`;
    if (!held) return { isHeld: false, added: 0 };
    const { contactListId, isFollowed } = held;
    const added = await saveSenders(tx, { emailAccountId, contactListId, senders });
    // What tells comes last: it takes its place in the order of commits, and rows are locked before that.
    if (!isFollowed) await publish(tx, { type: "email_account", id: emailAccountId });
    if (added > 0) await publish(tx, { type: "contact", id: contactListId });
    return { isHeld: true, added };
  });
}

type Senders = {
  emailAccountId: string;
  contactListId: string;
  senders: (CapturedSender & { key: string })[];
};

/** @returns how many of them nobody knew */
async function saveSenders(
  tx: Transaction,
  { emailAccountId, contactListId, senders }: Senders,
): Promise<number> {
  if (senders.length === 0) return 0;
  const rows = await tx.$queryRaw<{ isNew: boolean }[]>`
      INSERT INTO "Contact" AS c (id, "contactListId", email, "emailKey", name, "emailAccountId", "firstSeenAt", "lastSeenAt")
      SELECT gen_random_uuid(), ${contactListId}::uuid, n.email, n.key, n.name, ${emailAccountId}::uuid, n.at, n.at
      FROM unnest(${senders.map(({ email }) => email)}::text[], ${senders.map(({ key }) => key)}::text[],
        ${senders.map(({ name }) => name)}::text[], ${senders.map(({ receivedAt }) => receivedAt)}::timestamptz[])
        AS n(email, key, name, at) ORDER BY n.key
      ON CONFLICT ("emailKey") DO UPDATE SET "lastSeenAt" = greatest(c."lastSeenAt", excluded."lastSeenAt"),
        "firstSeenAt" = coalesce(c."firstSeenAt", excluded."firstSeenAt"),
        name = CASE c.name WHEN '' THEN excluded.name ELSE c.name END
      RETURNING (xmax = 0) AS "isNew"`;
  const added = rows.filter(({ isNew }) => isNew).length;
  if (added > 0)
    await tx.$executeRaw`UPDATE "CaptureState" SET captured = captured + ${added}
      WHERE "emailAccountId" = ${emailAccountId}::uuid`;
  return added;
}

/** Each address once: with the name that was there, and the last time. */
function bySender(senders: CapturedSender[]): (CapturedSender & { key: string })[] {
  const found = new Map<string, CapturedSender & { key: string }>();
  for (const sender of senders) {
    const key = emailKey(sender.email);
    const known = found.get(key);
    const name = known?.name || sender.name;
    const receivedAt =
      known && known.receivedAt > sender.receivedAt ? known.receivedAt : sender.receivedAt;
    found.set(key, { ...sender, key, name, receivedAt });
  }
  return [...found.values()];
}

/**
 * The connection lives, and there was nothing new.
 * @returns whether the inbox is still ours
 */
export async function saveQuiet(
  owner: string,
  { emailAccountId, fence }: CaptureClaim,
): Promise<boolean> {
  const [saved] = await db().$queryRaw<{ isNews: boolean }[]>`UPDATE "CaptureState" s SET
      "readAt" = now(), "followingSince" = coalesce(s."followingSince", now()), failures = 0,
      "failureId" = NULL, "failedAt" = NULL, "retryAt" = NULL
    FROM (${before(emailAccountId)}) old
    WHERE s."emailAccountId" = ${emailAccountId}::uuid AND s."leaseOwner" = ${owner} AND s.fence = ${fence}
    RETURNING NOT old."isFollowed" AS "isNews"`;
  if (saved?.isNews) await tellOpenPages(emailAccountId);
  return saved !== undefined;
}

/** Lets go for a while, with the reason. */
export async function saveFailure(
  owner: string,
  { emailAccountId, fence }: CaptureClaim,
  { failureId, waitMs }: { failureId: string; waitMs: number },
): Promise<void> {
  const [saved] = await db().$queryRaw<{ isNews: boolean }[]>`UPDATE "CaptureState" s SET
      failures = s.failures + 1, "failureId" = ${failureId}, "failedAt" = now(),
      "retryAt" = now() + make_interval(secs => ${waitMs / SECOND_MS}::float8),
      "leaseOwner" = NULL, "leaseUntil" = NULL, "followingSince" = NULL
    FROM (${before(emailAccountId)}) old
    WHERE s."emailAccountId" = ${emailAccountId}::uuid AND s."leaseOwner" = ${owner} AND s.fence = ${fence}
    RETURNING old."failureId" IS DISTINCT FROM ${failureId} AS "isNews"`;
  if (saved?.isNews) await tellOpenPages(emailAccountId);
}

/** With two rows of one table in one statement the old value comes back beside the new one. */
function before(emailAccountId: string): Prisma.Sql {
  return Prisma.sql`SELECT "followingSince" IS NOT NULL AS "isFollowed", "failureId"
    FROM "CaptureState" WHERE "emailAccountId" = ${emailAccountId}::uuid`;
}

async function tellOpenPages(emailAccountId: string): Promise<void> {
  await db().$transaction((tx) => publish(tx, { type: "email_account", id: emailAccountId }));
}

export type CapturedAccount = {
  usesReplyTo: boolean;
  keepsAutomatic: boolean;
};

export async function findCaptureOptions(emailAccountId: string): Promise<CapturedAccount | null> {
  const row = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: { captureReplyTo: true, captureAutomatic: true },
  });
  return row && { usesReplyTo: row.captureReplyTo, keepsAutomatic: row.captureAutomatic };
}
