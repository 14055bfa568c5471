import "server-only";
import { bygone, recordAudits } from "@/lib/audit/mutations";
import type { Actor } from "@/lib/kernel/actor";
import { batched } from "@/lib/kernel/batch";
import { db, pool } from "@/lib/kernel/db";
import type { Prisma } from "@/prisma/generated/client";
import { isValid } from "../validity";

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

/** For a stream that is open: whether its key may still be used. */
export async function isKeyValid(id: string): Promise<boolean> {
  const { rowCount } = await pool().query(`SELECT FROM "ApiKey" WHERE id = $1 AND ${VALID}`, [id]);
  return rowCount === 1;
}

export async function saveLastUse(ids: string[]): Promise<void> {
  await pool().query(`UPDATE "ApiKey" SET "lastUsedAt" = now() WHERE id = ANY($1::uuid[])`, [ids]);
}

/** Uses of a key, with what they have in common and how many they were. */
export type UseEntry = { actor: Actor; detail: Prisma.InputJsonObject };

/** Writes uses into the audit trail: all of them or none. */
export async function saveUses(uses: readonly UseEntry[]): Promise<void> {
  const entries = uses.map(({ actor, detail }) => {
    const object = { kind: "api_key", id: actor.id, name: actor.name };
    return { actor: bygone(actor), action: "api_key.use", object, detail };
  });
  await db().$transaction((tx) => recordAudits(tx, entries));
}

export type RateShare = {
  /** Requests that the process may let through without asking again; 0 when the minute has no more. */
  granted: number;
  endsInMs: number;
};

/** A process takes this share of what is left, so that what it does not use is never much. */
const SHARE = 16;
const TAKE = {
  name: "take-requests",
  text: `WITH counted AS (
      SELECT id, now() AS at, CASE WHEN postkey_holds("windowEndsAt", interval '1 minute') THEN "windowEndsAt" END AS "endsAt",
        CASE WHEN postkey_holds("windowEndsAt", interval '1 minute') THEN "windowTaken" ELSE 0 END AS taken
      FROM "ApiKey" WHERE id = $1 FOR UPDATE),
    lease AS (
      SELECT id, taken, coalesce("endsAt", at + interval '1 minute') AS "endsAt",
        greatest(0, least($2 - taken, greatest($3, ($2 - taken) / ${SHARE}))) AS granted
      FROM counted)
    UPDATE "ApiKey" k SET "windowEndsAt" = lease."endsAt", "windowTaken" = lease.taken + lease.granted
    FROM lease WHERE k.id = lease.id
    RETURNING granted, (extract(epoch FROM lease."endsAt" - now()) * 1000)::float8 AS "endsInMs"`,
};

/**
 * Takes requests of the minute that is counted for all processes together.
 * @param wanted requests that wait now
 * @returns null when the key is gone
 */
export async function leaseRequests(
  id: string,
  { perMinute, wanted }: { perMinute: number; wanted: number },
): Promise<RateShare | null> {
  const { rows } = await pool().query<RateShare>({ ...TAKE, values: [id, perMinute, wanted] });
  return rows[0] ?? null;
}
