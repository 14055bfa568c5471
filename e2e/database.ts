import { Client } from "pg";
import { installation } from "./installation";

/** The rows of one statement in the installation's database, for what no page does. */
export async function query(sql: string, values: unknown[] = []) {
  const client = new Client({ connectionString: installation.databaseUrl });
  await client.connect();
  try {
    return (await client.query(sql, values)).rows;
  } finally {
    await client.end();
  }
}

/** Accounts without a provider, in the order of their numbers: `Fleet 1`, `Fleet 2`, … */
export async function addAccounts(name: string, { from = 1, to }: { from?: number; to: number }) {
  const key = name.toLowerCase();
  await query(`INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service,
      "modernAuthentication", username, "usernameKey")
    SELECT gen_random_uuid(), '${name} ' || n, '${key} ' || lpad(n::text, 5, '0'), '${name[0]}' || n, '${key}-' || n,
      '${key}' || n || '@contoso.test', '${key}' || n || '@contoso.test', 'outlook365', TRUE, '${key}' || n, '${key}' || n
    FROM generate_series(${from}, ${to}) n`);
}
