import "server-only";
import { batched } from "@/lib/batch";
import { pool } from "@/lib/db";

type FoundKey = { keyHash: string; id: string; name: string; permissions: string[] };

const FIND = {
  name: "find-api-keys",
  text: `SELECT "keyHash", id, name, permissions FROM "ApiKey"
    WHERE "keyHash" = ANY($1) AND "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > now())`,
};

/** This runs with every call of a program: a prepared statement, one for all that call at once. */
export const findApiKey = batched(async (keyHashes) => {
  const { rows } = await pool().query<FoundKey>({ ...FIND, values: [keyHashes] });
  return new Map(rows.map((row) => [row.keyHash, row]));
});
