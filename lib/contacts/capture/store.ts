import { findKeptOut } from "@/lib/contacts/privacy/store";
import { atMost } from "@/lib/kernel/batch";
import { SECOND_MS } from "@/lib/kernel/clock";
import { db } from "@/lib/kernel/db";
import { publish } from "@/lib/kernel/events/mutations";
import { GIVE_BACK } from "@/lib/kernel/leases";
import { singleton } from "@/lib/kernel/singleton";
import { emailKey } from "@/lib/kernel/text/normalize";
import type { Transaction } from "@/lib/kernel/transaction";
import { only } from "@/lib/kernel/words";
import type { InboxPosition } from "@/lib/mail/inbox";
import type { SkipReason } from "@/lib/mail/senders";
import { Prisma } from "@/prisma/generated/client";
import type { CaptureClaim } from "./leases/store";

export async function findPosition(emailAccountId: string): Promise<InboxPosition> {
  const { lastUid, lastReceivedAt, readAt, ...state } = await db().captureState.findUniqueOrThrow({
    where: { emailAccountId },
    select: only("uidValidity lastUid deltaLink lastReceivedAt readAt"),
  });
  return { ...state, lastUid: Number(lastUid), readUntil: lastReceivedAt ?? readAt };
}

export type CapturedSender = { email: string; name: string; receivedAt: Date };

export type Progress = {
  position: InboxPosition;
  messages: number;
  senders: CapturedSender[];
  skipped: Partial<Record<SkipReason, number>>;
};

/** Contacts and position in one transaction, fenced. Known addresses keep their list. */
export function saveProgress(
  owner: string,
  claim: CaptureClaim,
  progress: Progress,
): Promise<{ isHeld: boolean; added: number }> {
  return inTurn()(() => save(owner, claim, progress));
}

/** Leaves database connections for tokens, which must not wait for senders. */
const SAVED_AT_ONCE = 4;
const inTurn = () => singleton("capture-saves", () => atMost(SAVED_AT_ONCE));

async function save(owner: string, { emailAccountId, fence }: CaptureClaim, progress: Progress) {
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
      UPDATE "CaptureState" s SET "uidValidity" = ${progress.position.uidValidity},
        "lastUid" = ${progress.position.lastUid}, "deltaLink" = ${progress.position.deltaLink},
        "lastReceivedAt" = coalesce(${progress.position.readUntil}, s."lastReceivedAt"),
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
    // Events last, after all row locks.
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

/** @returns how many are new */
async function saveSenders(tx: Transaction, { emailAccountId, contactListId, senders }: Senders) {
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

/** @returns whether the inbox is still ours */
export async function saveQuiet(owner: string, { emailAccountId, fence }: CaptureClaim) {
  const [saved] = await db().$queryRaw<{ isNews: boolean }[]>`UPDATE "CaptureState" s SET
      "readAt" = now(), "followingSince" = coalesce(s."followingSince", now()), failures = 0,
      "failureId" = NULL, "failedAt" = NULL, "retryAt" = NULL
    FROM (${before(emailAccountId)}) old
    WHERE s."emailAccountId" = ${emailAccountId}::uuid AND s."leaseOwner" = ${owner} AND s.fence = ${fence}
    RETURNING NOT old."isFollowed" AS "isNews"`;
  if (saved?.isNews) await tellOpenPages(emailAccountId);
  return saved !== undefined;
}

export async function saveFailure(
  owner: string,
  { emailAccountId, fence }: CaptureClaim,
  { failureId, waitMs }: { failureId: string; waitMs: number },
): Promise<void> {
  const [saved] = await db().$queryRaw<{ isNews: boolean }[]>`UPDATE "CaptureState" s SET
      failures = s.failures + 1, "failureId" = ${failureId}, "failedAt" = now(),
      "retryAt" = now() + make_interval(secs => ${waitMs / SECOND_MS}::float8),
      ${Prisma.raw(GIVE_BACK)}, "followingSince" = NULL
    FROM (${before(emailAccountId)}) old
    WHERE s."emailAccountId" = ${emailAccountId}::uuid AND s."leaseOwner" = ${owner} AND s.fence = ${fence}
    RETURNING old."failureId" IS DISTINCT FROM ${failureId} AS "isNews"`;
  if (saved?.isNews) await tellOpenPages(emailAccountId);
}

/** The old value, beside the new one. */
function before(emailAccountId: string): Prisma.Sql {
  return Prisma.sql`SELECT "followingSince" IS NOT NULL AS "isFollowed", "failureId"
    FROM "CaptureState" WHERE "emailAccountId" = ${emailAccountId}::uuid`;
}

async function tellOpenPages(emailAccountId: string): Promise<void> {
  await db().$transaction((tx) => publish(tx, { type: "email_account", id: emailAccountId }));
}

export type CapturedAccount = { usesReplyTo: boolean; keepsAutomatic: boolean };

export async function findCaptureOptions(emailAccountId: string): Promise<CapturedAccount | null> {
  const row = await db().emailAccount.findUnique({
    where: { id: emailAccountId },
    select: { captureReplyTo: true, captureAutomatic: true },
  });
  return row && { usesReplyTo: row.captureReplyTo, keepsAutomatic: row.captureAutomatic };
}
