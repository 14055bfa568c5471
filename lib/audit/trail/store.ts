import { db } from "@/lib/kernel/db";
import { Prisma } from "@/prisma/generated/client";
import { type AuditFold, type AuditRow, TOLD_BY_THEIR_WRITES } from "./schema";

/** SQL, indexed: a key's reads in an hour; one operation or act. */
const FOLDS = ["audit_reads", "audit_fold"] as const;

const foldBy = (name: (typeof FOLDS)[number], alias: string) =>
  Prisma.raw(`${name}(${alias}.action, ${alias}."actorId", ${alias}.at, ${alias}.detail)`);

/** SQL: null when it stands alone. */
export const foldOf = (alias: string) =>
  Prisma.sql`coalesce(${foldBy("audit_reads", alias)}, ${foldBy("audit_fold", alias)})`;

/** SQL for `e`; a text occurs in one kind of fold only. */
export function isFoldedBy(fold: Prisma.Sql): Prisma.Sql {
  const ids = FOLDS.map(
    (name) => Prisma.sql`SELECT i.id FROM "AuditEvent" i WHERE ${foldBy(name, "i")} = ${fold}`,
  );
  return Prisma.sql`e.id = ANY(ARRAY(${Prisma.join(ids, " UNION ALL ")}))`;
}

/** SQL for `e`: the newest of its fold. */
export const IS_SHOWN = Prisma.sql`CASE WHEN ${foldBy("audit_reads", "e")} IS NOT NULL THEN ${isNewest("audit_reads")}
  WHEN ${foldBy("audit_fold", "e")} IS NOT NULL THEN ${isNewest("audit_fold")} ELSE TRUE END`;

function isNewest(name: (typeof FOLDS)[number]): Prisma.Sql {
  return Prisma.sql`NOT EXISTS (SELECT FROM "AuditEvent" n
    WHERE ${foldBy(name, "n")} = ${foldBy(name, "e")} AND n.id > e.id)`;
}

/** SQL for `e`: not a key use whose write has its own event. */
export const IS_OWN_ACT = Prisma.sql`NOT (e.action = 'api_key.use' AND e.detail ->> 'status' < '400'
  AND e.detail ->> 'operation' = ANY(${[...TOLD_BY_THEIR_WRITES]}::text[]))`;

/** Each event has the act's total. */
const READ_OF_FOLD = 2_000;

export async function withFolds(
  rows: readonly (Omit<AuditRow, "folded"> & { fold: string | null })[],
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
  const [reads, others] = FOLDS.map(
    // Ends: An event tells of 200 objects: what a key does in an hour has fewer events.
    (name) => Prisma.sql`(SELECT * FROM "AuditEvent" i WHERE ${foldBy(name, "i")} = f.fold
      ORDER BY i.id DESC LIMIT ${READ_OF_FOLD})`,
  );
  return db().$queryRaw`
    SELECT f.fold, x.* FROM unnest(${folds}::text[]) AS f(fold),
    LATERAL (
      WITH e AS (${reads} UNION ALL ${others})
      SELECT count(*)::int AS events, coalesce(sum(${USES}), 0)::int AS uses,
        min((e.detail ->> 'since')::timestamptz) AS since,
        (array_agg(e."objectName" ORDER BY e.id))[1:12] AS names,
        (SELECT coalesce(jsonb_agg(o ORDER BY o.uses DESC, o.operation), '[]')
          FROM (SELECT e.detail ->> 'operation' AS operation, sum(${USES})::int AS uses FROM e
            WHERE e.action = 'api_key.use' AND e.detail ? 'operation' GROUP BY 1) AS o) AS operations
      FROM e) AS x`;
}

const USES = Prisma.sql`(e.detail ->> 'count')::int`;
