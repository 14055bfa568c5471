import { bygone, recordAudits } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { batched, gathered } from "@/lib/kernel/batch";
import { db, pool } from "@/lib/kernel/db";
import { isValid } from "@/lib/people/validity";
import type { Prisma } from "@/prisma/generated/client";

export type FoundKey = {
  keyHash: string;
  id: string;
  name: string;
  permissions: string[];
  accountIds: string[];
  accountKeyPrefix: string | null;
  addresses: string[];
  requestsPerMinute: number | null;
  createdByName: string;
};

const VALID = isValid(`"ApiKey"`);
const FIND = {
  name: "find-api-keys",
  text: `SELECT "keyHash", id, name, permissions, "accountIds"::text[], "accountKeyPrefix", addresses, "requestsPerMinute", "createdByName"
    FROM "ApiKey" WHERE "keyHash" = ANY($1) AND ${VALID}`,
};

/** This runs with every call of a program: a prepared statement, one for all that call at once. */
export const findApiKey = batched(async (keyHashes) => {
  const { rows } = await pool().query<FoundKey>({ ...FIND, values: [keyHashes] });
  return new Map(rows.map((row) => [row.keyHash, row]));
});

export async function isKeyValid(id: string): Promise<boolean> {
  const { rowCount } = await pool().query(`SELECT FROM "ApiKey" WHERE id = $1 AND ${VALID}`, [id]);
  return rowCount === 1;
}

export async function saveLastUse(ids: string[]): Promise<void> {
  await pool().query(`UPDATE "ApiKey" SET "lastUsedAt" = now() WHERE id = ANY($1::uuid[])`, [ids]);
}

export type UseEntry = { actor: Actor; detail: Prisma.InputJsonObject };

export async function saveUses(uses: readonly UseEntry[]): Promise<void> {
  const entries = uses.map(({ actor, detail }) => {
    const object = { kind: "api_key", id: actor.id, name: actor.name };
    return { actor: bygone(actor), action: "api_key.use", object, detail };
  });
  await db().$transaction((tx) => recordAudits(tx, entries));
}

const TAKE = {
  name: "take-requests",
  text: `WITH asked AS (SELECT id, count(*)::int AS wanted FROM unnest($1::uuid[]) AS a(id) GROUP BY id),
    counted AS (
      SELECT k.id, wanted, "requestsPerMinute" AS most,
        CASE WHEN postkey_holds("windowEndsAt", interval '1 minute') THEN "windowTaken" ELSE 0 END AS taken,
        CASE WHEN postkey_holds("windowEndsAt", interval '1 minute') THEN "windowEndsAt"
          ELSE now() + interval '1 minute' END AS "endsAt"
      FROM "ApiKey" k JOIN asked USING (id) ORDER BY k.id FOR NO KEY UPDATE OF k)
    UPDATE "ApiKey" k SET "windowEndsAt" = c."endsAt", "windowTaken" = taken + least(wanted, most - taken)
    FROM counted c WHERE k.id = c.id
    RETURNING k.id, most - taken AS left, (extract(epoch FROM c."endsAt" - now()) * 1000)::float8 AS "endsInMs"`,
};

export type Taken = { isTaken: boolean; endsInMs: number };

/** Of the minute that all processes count together; null when the key is gone. */
export const takeOne: (id: string) => Promise<Taken | null> = gathered(async (ids) => {
  const query = { ...TAKE, values: [ids] };
  const { rows } = await pool().query<{ id: string; left: number; endsInMs: number }>(query);
  const keys = new Map(rows.map((row) => [row.id, row]));
  return ids.map((id) => {
    const key = keys.get(id);
    if (!key) return null;
    key.left -= 1;
    return { isTaken: key.left >= 0, endsInMs: key.endsInMs };
  });
});
