import "server-only";
import { db } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { type AuditFold, type AuditRow, TOLD_BY_THEIR_WRITES } from "./schema";

/** SQL: what folds the event of an alias with others, as the index has it; null where it stands alone. */
export const foldOf = (alias: string) =>
  Prisma.raw(`audit_fold(${alias}.action, ${alias}."actorId", ${alias}.at, ${alias}.detail)`);

/** SQL: whether the event `e` is the newest of what is folded with it, and so is shown. */
export const IS_SHOWN = Prisma.sql`(${foldOf("e")} IS NULL OR NOT EXISTS (
  SELECT FROM "AuditEvent" n WHERE ${foldOf("n")} = ${foldOf("e")} AND n.id > e.id))`;

/** SQL: whether the event `e` is more than the use of a key to write what another event tells of. */
export const IS_OWN_ACT = Prisma.sql`NOT (e.action = 'api_key.use' AND e.detail ->> 'status' < '400'
  AND e.detail ->> 'operation' = ANY(${[...TOLD_BY_THEIR_WRITES]}::text[]))`;

/** Of a fold so many events are read; how many an act had stands in each. */
const READ_OF_FOLD = 2_000;

type FoundRow = Omit<AuditRow, "folded"> & { fold: string | null };

/** Adds to each row that stands for several what they come to. */
export async function withFolds(
  rows: readonly FoundRow[],
  { isFolded }: { isFolded: boolean },
): Promise<AuditRow[]> {
  const folds = isFolded ? rows.flatMap(({ fold }) => fold ?? []) : [];
  const found = folds.length === 0 ? [] : await findFolds(folds);
  const byFold = new Map(found.map(({ fold, ...folded }) => [fold, folded]));
  return rows.map(({ fold, ...row }) => ({
    ...row,
    folded: (fold !== null && byFold.get(fold)) || null,
  }));
}

function findFolds(folds: string[]): Promise<(AuditFold & { fold: string })[]> {
  return db().$queryRaw`
    SELECT f.fold, x.events, x.uses, x.since, x.names FROM unnest(${folds}::text[]) AS f(fold),
    LATERAL (
      SELECT count(*)::int AS events, coalesce(sum((e.detail ->> 'count')::int), 0)::int AS uses,
        min((e.detail ->> 'since')::timestamptz) AS since,
        (array_agg(e."objectName" ORDER BY e.id))[1:12] AS names
      FROM (SELECT * FROM "AuditEvent" i WHERE ${foldOf("i")} = f.fold
        ORDER BY i.id DESC LIMIT ${READ_OF_FOLD}) AS e) AS x`;
}
