import "server-only";
import { batched } from "@/lib/batch";
import { pool } from "@/lib/db";

export type FoundKey = {
  keyHash: string;
  id: string;
  name: string;
  permissions: string[];
  accountIds: string[];
  accountKeyPrefix: string | null;
  addresses: string[];
  requestsPerMinute: number | null;
};

const VALID = `"revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > now())`;
const FIND = {
  name: "find-api-keys",
  text: `SELECT "keyHash", id, name, permissions, "accountIds"::text[], "accountKeyPrefix", addresses, "requestsPerMinute"
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
