import { recordAudit } from "@/lib/audit/mutations";
import { LIST_ARCHIVES, readBatches } from "@/lib/audit/store";
import { db, pool } from "@/lib/kernel/db";
import type { StoredEvent } from "../trail/schema";
import type { Archive } from "./archive-file";

const DELETE_AT_ONCE = 5_000;
const ACTOR = { kind: "job", id: "audit:archive", name: "Postkey" } as const;

export async function listArchives(): Promise<Archive[]> {
  const { rows } = await pool().query<Archive>(LIST_ARCHIVES);
  return rows;
}

export type Range = { firstId: string; lastId: string; month: string };

/** By the database's clock; events with a future time are filed with their neighbours. */
export async function findOldRange(months: number): Promise<Range | null> {
  const { rows } = await pool().query<Range>(FIND_RANGE, [months]);
  return rows[0] ?? null;
}

const month = (time: string, later: string) =>
  `((date_trunc('month', ${time} AT TIME ZONE 'UTC') + ${later}) AT TIME ZONE 'UTC')`;
// Ends: Where the archive begins and ends.
const FIND_RANGE = `
  WITH first AS (
    SELECT e.id, e.at, ${month("now()", "make_interval(months => -$1::int)")} AS cutoff
    FROM "AuditEvent" e WHERE e.id > coalesce((SELECT max("lastId") FROM "AuditArchive"), 0)
    ORDER BY e.id LIMIT 1),
  border AS (
    SELECT f.id, f.cutoff, CASE WHEN f.at < f.cutoff
      THEN least(f.cutoff, ${month("f.at", "interval '1 month'")}) ELSE f.cutoff END AS ends
    FROM first f WHERE f.at < f.cutoff OR f.at > now()),
  next AS (
    SELECT b.*, (SELECT e.id FROM "AuditEvent" e WHERE e.id > b.id AND e.at >= b.ends AND e.at <= now()
      ORDER BY e.id LIMIT 1) AS "nextId" FROM border b)
  SELECT n.id::text AS "firstId", l.id::text AS "lastId",
    to_char(l.at AT TIME ZONE 'UTC', 'YYYY-MM') AS month
  FROM next n CROSS JOIN LATERAL (SELECT e.id, e.at FROM "AuditEvent" e
    WHERE e.id >= n.id AND (n."nextId" IS NULL OR e.id < n."nextId") AND e.at < n.cutoff
    ORDER BY e.id DESC LIMIT 1) l`;

/** Ranges never change, so no snapshot is held. */
export function readRange({ firstId, lastId }: Range): AsyncGenerator<StoredEvent[]> {
  return readBatches(pool(), BigInt(firstId), lastId);
}

/** Its events may leave the table from here on; the trail records the file. */
export async function saveArchive({ file, events, sha256, ...range }: Archive): Promise<void> {
  const [firstId, lastId] = [BigInt(range.firstId), BigInt(range.lastId)];
  await db().$transaction(async (tx) => {
    await tx.auditArchive.create({ data: { file, events, sha256, firstId, lastId } });
    await recordAudit(tx, ACTOR, {
      action: "audit.archive",
      object: { kind: "audit_archive", id: file, name: file },
      detail: { events, firstId: range.firstId, lastId: range.lastId, sha256 },
    });
  });
}

export async function hasEvents({ firstId, lastId }: Archive): Promise<boolean> {
  const { rowCount } = await pool().query(
    // Ends: Where the archive begins and ends.
    `SELECT FROM "AuditEvent" WHERE id BETWEEN $1 AND $2 LIMIT 1`,
    [firstId, lastId],
  );
  return rowCount === 1;
}

/** @returns the number removed, limited to keep transactions short */
export async function deleteSome({ firstId, lastId }: Archive): Promise<number> {
  const { rowCount } = await pool().query(
    // Ends: One batch after the other, to the end.
    `DELETE FROM "AuditEvent" WHERE id IN (SELECT id FROM "AuditEvent"
       WHERE id BETWEEN $1 AND $2 ORDER BY id LIMIT ${DELETE_AT_ONCE})`,
    [firstId, lastId],
  );
  return rowCount ?? 0;
}
