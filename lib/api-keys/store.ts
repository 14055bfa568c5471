import "server-only";
import { pool } from "@/lib/db";

type FoundKey = { id: string; name: string; permissions: string[] };

const FIND = {
  name: "find-api-key",
  text: `SELECT id, name, permissions FROM "ApiKey"
    WHERE "keyHash" = $1 AND "revokedAt" IS NULL AND ("expiresAt" IS NULL OR "expiresAt" > now())`,
};

/** A prepared statement: this runs with every call of a program. */
export async function findApiKey(keyHash: string): Promise<FoundKey | null> {
  const { rows } = await pool().query<FoundKey>({ ...FIND, values: [keyHash] });
  return rows[0] ?? null;
}
