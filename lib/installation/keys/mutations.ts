import { type Keyring, reseal, type SealCell, SealError, sealedWith } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { isForgotten } from "@/lib/kernel/heartbeat";
import type { SealedColumn } from "./queries";

const BATCH = 500;

export type Resealed = {
  resealed: number;
  /** The next pass takes them again. */
  overtaken: number;
  /** Left as they are: no key opens them. */
  unreadable: SealCell[];
};

type Row = { id: string; sealed: string };

/** Each only if unchanged since it was read, so no other write is lost. */
export async function resealColumn(keyring: Keyring, where: SealedColumn): Promise<Resealed> {
  const total: Resealed = { resealed: 0, overtaken: 0, unreadable: [] };
  for (let last: string | null = null; ; ) {
    const rows: Row[] = await findOthers(keyring, where, last);
    const fresh = rows.flatMap((row) => refresh(keyring, where, row) ?? []);
    const changed = fresh.length > 0 ? await replace(where, fresh) : 0;
    total.resealed += changed;
    total.overtaken += fresh.length - changed;
    const done = new Set(fresh.map(({ id }) => id));
    for (const { id } of rows) if (!done.has(id)) total.unreadable.push(placeOf(where, id));
    last = rows.at(-1)?.id ?? null;
    if (last === null) return total;
  }
}

async function findOthers(
  { current }: Keyring,
  { table, column, idColumn, idType }: SealedColumn,
  last: string | null,
): Promise<Row[]> {
  const { rows } = await pool().query<Row>(
    `SELECT t."${idColumn}"::text AS id, t."${column}" AS sealed FROM "${table}" t
     WHERE t."${column}" NOT LIKE $1 AND ($2::text IS NULL OR t."${idColumn}" > $2::${idType})
     ORDER BY t."${idColumn}" LIMIT ${BATCH}`,
    [`${sealedWith(current.id)}%`, last],
  );
  return rows;
}

type Fresh = { id: string; old: string; fresh: string };

function refresh(keyring: Keyring, where: SealedColumn, { id, sealed }: Row): Fresh | null {
  try {
    return { id, old: sealed, fresh: reseal(keyring, placeOf(where, id), sealed) };
  } catch (error) {
    if (error instanceof SealError) return null;
    throw error;
  }
}

async function replace(where: SealedColumn, rows: Fresh[]): Promise<number> {
  const { table, column, idColumn, idType } = where;
  const { rowCount } = await pool().query(
    `UPDATE "${table}" t SET "${column}" = n.fresh
     FROM unnest($1::text[], $2::text[], $3::text[]) AS n(id, old, fresh)
     WHERE t."${idColumn}" = n.id::${idType} AND t."${column}" = n.old`,
    [rows.map(({ id }) => id), rows.map(({ old }) => old), rows.map(({ fresh }) => fresh)],
  );
  return rowCount ?? 0;
}

function placeOf({ table, column }: SealedColumn, id: string): SealCell {
  return { table, id, column };
}

export type KeyReader = {
  readerId: string;
  kind: "web" | "gateway" | "keeper";
  host: string;
  pid: number;
};

/** Believed for half a minute; old and future entries are removed. */
export async function announceReader(reader: KeyReader, { current, byId }: Keyring): Promise<void> {
  const { readerId, kind, host, pid } = reader;
  await pool().query(
    `WITH gone AS (DELETE FROM "KeyReader" WHERE "readerId" <> $1 AND ${isForgotten('"beatAt"')})
     INSERT INTO "KeyReader" ("readerId", kind, host, pid, "sealsWith", opens)
     VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT ("readerId") DO UPDATE
       SET "beatAt" = now(), "sealsWith" = excluded."sealsWith", opens = excluded.opens`,
    [readerId, kind, host, pid, current.id, [...byId.keys()]],
  );
}

export async function forgetReader({ readerId }: KeyReader): Promise<void> {
  await pool().query(`DELETE FROM "KeyReader" WHERE "readerId" = $1`, [readerId]);
}
