import { pool } from "@/lib/kernel/db";

export const ROWS = 12;
const EACH = `generate_series(1, ${ROWS}) n`;

/** Of each kind some, and some that are alike in all but the id. */
const SEED = [
  `INSERT INTO "ContactList" (id, name, "nameKey") SELECT gen_random_uuid(), 'List ' || n, 'list ' || n FROM ${EACH}`,
  `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service, active,
     "modernAuthentication", username, "usernameKey", "imapVerdict", "contactListId")
   SELECT gen_random_uuid(), n, n, n, n, n, n, CASE WHEN n % 4 = 0 THEN 'custom' ELSE 'outlook365' END, n % 3 <> 0,
     FALSE, n, n, CASE WHEN n % 5 = 0 THEN 'failed' ELSE 'ok' END,
     CASE WHEN n < 4 THEN (SELECT id FROM "ContactList" WHERE name = 'List 1') END FROM ${EACH}`,
  `INSERT INTO "Contact" (id, "contactListId", email, "emailKey", name, "firstSeenAt")
   SELECT gen_random_uuid(), (SELECT id FROM "ContactList" WHERE name = 'List ' || 1 + n % 3), n, n,
     CASE WHEN n % 2 = 0 THEN '' ELSE 'Same' END, CASE WHEN n % 3 = 0 THEN NULL ELSE now() END FROM ${EACH}`,
  `INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdByName", "lastUsedAt", "expiresAt")
   SELECT gen_random_uuid(), 'Same', n, 'abc', '{accounts:read}', 'Ada', CASE WHEN n % 2 = 0 THEN now() END,
     CASE n % 3 WHEN 0 THEN now() - interval '1 day' WHEN 1 THEN now() + interval '1 day' END FROM ${EACH}`,
  `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName", paused,
     "lastUsedAt", "lastRefusedAt", "expiresAt")
   SELECT gen_random_uuid(), 'Same', 'same', (SELECT id FROM "EmailAccount" WHERE name = CASE WHEN n < 3 THEN '3' ELSE '1' END), n, n,
     CASE WHEN n % 2 = 0 THEN '{smtp}'::text[] ELSE '{imap,smtp}' END, 'Ada', n % 4 = 0, CASE WHEN n % 2 = 0 THEN now() END, CASE WHEN n % 5 = 0 THEN now() END,
     CASE n % 3 WHEN 0 THEN now() - interval '1 day' WHEN 1 THEN now() + interval '1 day' END FROM ${EACH}`,
  // Beside the others: a list without a view leaves them out.
  `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName", "revokedAt")
   SELECT gen_random_uuid(), 'Same', 'same', (SELECT id FROM "EmailAccount" WHERE name = '1'), -n, n, '{smtp}', 'Ada',
     now() FROM generate_series(1, 3) n`,
  `INSERT INTO "Administrator" (id, name, email, "passwordHash", "disabledAt")
   SELECT gen_random_uuid(), 'Same', n || '@contoso.test', 'x', CASE WHEN n % 3 = 0 THEN now() END FROM ${EACH}`,
  `INSERT INTO "Authenticator" ("administratorId", "secretSealed", "confirmedAt")
   SELECT id, 'x', now() FROM "Administrator" WHERE email < '3'`,
  `INSERT INTO "Passkey" (id, "administratorId", name, "credentialId", "publicKey", counter, transports, "deviceType", "isBackedUp",
     aaguid, "rpId") SELECT gen_random_uuid(), id, 'Key', id::text, '', 0, '{}', '', FALSE, '', '' FROM "Administrator"
   WHERE email > '6'`,
  `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri")
   SELECT gen_random_uuid(), 'Tenant ' || n, 'tenant ' || n, n, n, 'https://postkey.test/' FROM generate_series(1, 3) n`,
  // Two waiting ones after one of each other state.
  `INSERT INTO "SignInLink" (id, "cloudProviderId", username, "usernameKey", "tokenHash", "createdByName", "expiresAt",
     "openedAt", "signedInAt", "failureId", "failedAt")
   SELECT gen_random_uuid(), (SELECT id FROM "CloudProvider" WHERE name = 'Tenant ' || 1 + n % 3), n, n, n, 'Ada',
     now() + CASE WHEN n % 6 = 1 THEN -1 ELSE 1 END * interval '1 day', CASE WHEN n % 6 IN (2, 3) THEN now() END,
     CASE WHEN n % 6 = 0 THEN now() END, CASE WHEN n % 6 = 2 THEN 'AADSTS50126' END,
     CASE WHEN n % 6 = 2 THEN now() END FROM ${EACH}`,
  `INSERT INTO "Letter" (id, kind, "tokenHash", recipient, "recipientKey", subject, state, "dueAt", "expiresAt")
   SELECT gen_random_uuid(), 'sign_in_link', n, n, n, '', CASE n % 6 WHEN 2 THEN 'sent' WHEN 3 THEN 'waiting' ELSE 'failed'
     END, now(), now() FROM ${EACH} WHERE n % 6 IN (2, 3, 4)`,
  `UPDATE "ApiKey" SET "createdById" = (SELECT id FROM "Administrator" WHERE "disabledAt" IS NOT NULL LIMIT 1)
   WHERE "keyHash"::int % 4 = 0`,
  `UPDATE "Device" SET "createdById" = (SELECT id FROM "Administrator" WHERE "disabledAt" IS NOT NULL LIMIT 1)
   WHERE prefix::int % 4 = 0`,
  `INSERT INTO "AlertChannel" (id, kind, name, "nameKey", enabled, target, "createdByName", "lastDeliveredAt",
     "failingSince")
   SELECT gen_random_uuid(), 'webhook', n, n, n % 4 <> 0, '{"kind": "webhook", "origin": "https://same.test"}', 'Ada',
     CASE WHEN n % 3 = 0 THEN now() END, CASE WHEN n % 5 = 0 THEN now() END FROM ${EACH}`,
  `INSERT INTO "TestRun" (id, "startedByName", total, parallelism, "cancelledAt", "finishedAt")
   SELECT gen_random_uuid(), 'Ada', 1, 1, CASE WHEN n % 4 = 0 THEN now() END, CASE WHEN n % 2 = 0 THEN now() END
   FROM ${EACH}`,
  `INSERT INTO "TestRunItem" ("testRunId", "emailAccountId", state)
   SELECT id, gen_random_uuid(), CASE WHEN row_number() OVER () % 3 = 0 THEN 'failed' ELSE 'ok' END FROM "TestRun"`,
];

export async function seedLists(): Promise<void> {
  for (const statement of SEED) await pool().query(statement);
}
