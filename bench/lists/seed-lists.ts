import pg from "pg";

/** How many rows of a size contain it, whatever the size: two full pages and a bit. */
const NEEDLES = 60;
export const NEEDLE = "needle";
/** Who signs in for one account of a hundred. */
export const DELEGATE = "dave@contoso.test";

/** Fills a database with so many providers and accounts, each account with its signed-in mailbox. */
export async function seedLists(
  databaseUrl: string,
  { accounts, providers }: { accounts: number; providers: number },
): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query(PROVIDERS, [providers]);
    await client.query(CREDENTIALS);
    await client.query(ACCOUNTS, [accounts, providers]);
    await client.query(AUTHORIZATIONS);
    await client.query(TOKENS);
    await client.query("VACUUM (ANALYZE)");
    await client.query("CHECKPOINT");
  } finally {
    await client.end();
  }
}

// Ids in no order and names that are no sequence, so that neighbours in the list are none on disk. One account of
// each hundred is out of the ordinary in each way that lists are narrowed to.
const WORD = "(ARRAY['Support','Sales','Billing','Returns','Events','Careers','Press','Office'])";

const PROVIDERS = `INSERT INTO "CloudProvider"
  (id, name, "nameKey", "clientId", "tenantId", "redirectUri", "createdAt")
  SELECT gen_random_uuid(), name, lower(name), gen_random_uuid(), gen_random_uuid(),
    'https://postkey.example.com/', now() - n * interval '1 minute'
  FROM (
    SELECT n, substr(md5(n::text), 1, 6) || ' ' || ${WORD}[1 + n % 8] || ' tenant ' || n
      || CASE WHEN n <= ${NEEDLES} THEN ' ${NEEDLE}' ELSE '' END AS name
    FROM generate_series(1, $1::int) n
  ) named`;

const CREDENTIALS = `INSERT INTO "ClientCredential"
  (id, "cloudProviderId", "secretSealed", hint, "expiresAt", version, "createdByName")
  SELECT gen_random_uuid(), id, repeat('x', 120), 'abc', now() + interval '90 days', 1, 'Benchmark'
  FROM "CloudProvider"`;

const ACCOUNTS = `INSERT INTO "EmailAccount"
  (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service, "modernAuthentication",
   username, "usernameKey", "cloudProviderId", "createdAt", "lastTestedAt", "imapVerdict",
   "smtpVerdict", "pop3Verdict", active, "testSchedule")
  SELECT gen_random_uuid(), name, lower(name), key, key, address, address, 'outlook365', n % 100 <> 1,
    CASE WHEN n % 100 = 2 THEN '${DELEGATE}' ELSE address END, CASE WHEN n % 100 = 2 THEN '${DELEGATE}' ELSE address END,
    CASE WHEN n % 100 <> 1 THEN provider END, now() - n * interval '1 minute', now() - n * interval '1 minute',
    CASE WHEN n % 100 = 3 THEN 'failed' ELSE 'ok' END, CASE WHEN n % 100 = 4 THEN 'failed' ELSE 'ok' END,
    CASE WHEN n % 100 = 5 THEN 'failed' ELSE 'ok' END, n % 100 <> 6, CASE WHEN n % 100 = 7 THEN 'daily' ELSE 'off' END
  FROM (
    SELECT n, p.id AS provider, to_hex(n) AS key, 'mailbox' || n || '@contoso.test' AS address,
      substr(md5(n::text), 1, 6) || ' ' || ${WORD}[1 + n % 8] || ' desk ' || n
        || CASE WHEN n <= ${NEEDLES} THEN ' ${NEEDLE}' ELSE '' END AS name
    FROM generate_series(1, $1::int) n
    JOIN (SELECT id, row_number() OVER () AS nth FROM "CloudProvider") p ON p.nth = 1 + n % $2::int
  ) named`;

const AUTHORIZATIONS = `INSERT INTO "Authorization"
  (id, "cloudProviderId", username, "displayName", "objectId", "tenantId", "homeAccountId", scopes,
   "signedInByName")
  SELECT gen_random_uuid(), "cloudProviderId", "usernameKey", name, id::text, id::text, id::text,
    '{}', 'Benchmark'
  FROM "EmailAccount" WHERE "cloudProviderId" IS NOT NULL ON CONFLICT DO NOTHING`;

const TOKENS = `INSERT INTO "TokenSet"
  ("authorizationId", "accessTokenSealed", "accessTokenExpiresAt", "cacheSealed", "refreshDueAt", state)
  SELECT id, repeat('x', 2000), now() + interval '1 hour', repeat('x', 4000), now() + interval '1 hour',
    CASE WHEN get_byte(uuid_send(id), 0) < 16 THEN 'sign_in_again' ELSE 'connected' END
  FROM "Authorization"`;
