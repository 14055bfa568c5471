import { seal } from "@/lib/kernel/crypto";
import { pool } from "@/lib/kernel/db";
import { env } from "@/lib/kernel/env";

/** Rotation goes by what the envelopes say; these lead nowhere. */
export const passwordPlace = (id: string) => ({
  table: "EmailAccount",
  id,
  column: "passwordSealed",
  destination: null,
});

/** Accounts with a password each. @returns the passwords by the ids of the accounts */
export async function sealPasswords(count: number): Promise<Map<string, string>> {
  const { rows } = await pool().query<{ id: string }>(
    `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey",
       service, "modernAuthentication", username, "usernameKey")
     SELECT gen_random_uuid(), 'A', 'a', n::text, n::text, 'a@b.test', 'a@b.test', 'custom', false, 'a', 'a'
     FROM generate_series(1, ${count}) n RETURNING id`,
  );
  const passwords = new Map(rows.map(({ id }) => [id, `password of ${id}`]));
  await pool().query(
    `UPDATE "EmailAccount" a SET "passwordSealed" = n.sealed
     FROM unnest($1::uuid[], $2::text[]) AS n(id, sealed) WHERE a.id = n.id`,
    [
      [...passwords.keys()],
      [...passwords].map(([id, password]) => seal(env().keyring, passwordPlace(id), password)),
    ],
  );
  return passwords;
}
