import { type SealCell, sealedWith } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { isAlive } from "@/lib/kernel/heartbeat";

/** The primary key binds envelopes to rows. */
export type SealedColumn = { table: string; column: string; idColumn: string; idType: string };

/** From the schema, so that none is forgotten; the canary comes last. */
export async function findSealedColumns(): Promise<SealedColumn[]> {
  const { rows } = await pool().query<SealedColumn>(`
  SELECT t.relname AS "table", a.attname AS "column", k.attname AS "idColumn",
    format_type(k.atttypid, NULL) AS "idType"
  FROM pg_class t
  JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum > 0 AND NOT a.attisdropped
  LEFT JOIN pg_index i ON i.indrelid = t.oid AND i.indisprimary AND i.indnatts = 1
  LEFT JOIN pg_attribute k ON k.attrelid = t.oid AND k.attnum = i.indkey[0]
  WHERE t.relkind = 'r' AND t.relnamespace = 'public'::regnamespace AND a.attname ~ '(^s|S)ealed$'
  ORDER BY t.relname = 'KeyCanary', t.relname, a.attname`);
  const unusable = rows.find(({ idColumn }) => idColumn === null);
  if (unusable) throw new Error(`${unusable.table} needs a primary key of one column.`);
  return rows;
}

export type SealedValue = { place: SealCell; sealed: string };

export async function findSealedSamples(): Promise<SealedValue[]> {
  const samples = await Promise.all((await findSealedColumns()).map(findSample));
  return samples.flat();
}

async function findSample(where: SealedColumn): Promise<SealedValue[]> {
  const { table, column, idColumn } = where;
  const { rows } = await pool().query<{ id: string; sealed: string }>(
    // Ends: Whether there is one.
    `SELECT "${idColumn}"::text AS id, "${column}" AS sealed FROM "${table}"
     WHERE "${column}" IS NOT NULL LIMIT 1`,
  );
  return rows.map(({ id, sealed }) => ({ place: { table, id, column }, sealed }));
}

export async function countSealed(
  { table, column }: SealedColumn,
  keyId: string,
): Promise<{ values: number; others: number }> {
  const { rows } = await pool().query<{ values: number; others: number }>(
    `SELECT count(*)::int AS values, (count(*) FILTER (WHERE "${column}" NOT LIKE $1))::int AS others
     FROM "${table}" WHERE "${column}" IS NOT NULL`,
    [`${sealedWith(keyId)}%`],
  );
  return rows[0] ?? { values: 0, others: 0 };
}

export type KeyUse = "opens" | "seals";

const HAS: Record<KeyUse, string> = { opens: "$1 = ANY (opens)", seals: `"sealsWith" = $1` };

export type LateReader = { kind: string; host: string; pid: number; startedAt: Date };

export async function findLateReaders(keyId: string, use: KeyUse): Promise<LateReader[]> {
  const { rows } = await pool().query<LateReader>(
    `SELECT kind, host, pid, "startedAt" FROM "KeyReader"
     WHERE ${isAlive('"beatAt"')} AND NOT (${HAS[use]})
     ORDER BY "startedAt", "readerId"`,
    [keyId],
  );
  return rows;
}
