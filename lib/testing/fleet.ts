/** SQL that fills what a fleet fills, so many rows of each kind. One in a hundred is out of the ordinary. */
export function fleetOf(rows: number) {
  const accounts = [
    `INSERT INTO "CloudProvider" (id, name, "nameKey", "clientId", "tenantId", "redirectUri", cloud)
     SELECT gen_random_uuid(), n, md5(n::text), 'app ' || n, n, 'https://postkey.example.com/',
       CASE WHEN n % 100 = 0 THEN 'china' ELSE 'global' END FROM generate_series(1, ${rows}) n`,
    `INSERT INTO "ClientCredential" (id, "cloudProviderId", hint, "expiresAt", version, "createdByName")
     SELECT gen_random_uuid(), id, 'abc', now() + (row_number() OVER ()) * interval '1 hour', 1, 'Seed'
     FROM "CloudProvider"`,
    `INSERT INTO "ContactList" (id, name, "nameKey")
     SELECT gen_random_uuid(), n, md5(n::text) FROM generate_series(1, 50) n`,
    `INSERT INTO "EmailAccount" (id, name, "nameKey", key, "keyKey", "emailAddress", "emailKey", service,
       "modernAuthentication", username, "usernameKey", "cloudProviderId", "lastTestedAt", "imapVerdict")
     SELECT gen_random_uuid(), n, md5(n::text), n, n, n || '@contoso.test', n || '@contoso.test',
       'outlook365', n % 100 <> 1, n || '@contoso.test',
       CASE WHEN n % 100 = 2 THEN 'dave@contoso.test' ELSE n || '@contoso.test' END,
       p.id, now() - n * interval '1 minute',
       CASE WHEN n % 100 = 3 THEN 'failed' ELSE 'ok' END FROM generate_series(1, ${rows}) n
     JOIN (SELECT id, row_number() OVER (ORDER BY "nameKey") AS at FROM "CloudProvider") p
       ON p.at = 1 + n % (${rows} - 100) ORDER BY n`,
    `INSERT INTO "Authorization" (id, "cloudProviderId", username, "displayName", "objectId", "tenantId",
       "homeAccountId", scopes, "signedInByName")
     SELECT gen_random_uuid(), "cloudProviderId", "usernameKey", name, id, id, id, '{}', 'Seed'
     FROM "EmailAccount" WHERE key::int % 100 <> 4 ON CONFLICT DO NOTHING`,
    `INSERT INTO "TokenSet" ("authorizationId", "accessTokenSealed", "cacheSealed", "accessTokenExpiresAt",
       "refreshDueAt", state, "failureId")
     SELECT id, 'x', 'x', now() + interval '1 hour', now() + interval '1 hour',
       CASE WHEN get_byte(uuid_send(id), 0) < 3 THEN 'sign_in_again' ELSE 'connected' END,
       CASE WHEN get_byte(uuid_send(id), 0) < 3 AND get_byte(uuid_send(id), 1) < 40 THEN 'AADSTS50173' END
     FROM "Authorization"`,
  ];
  const others = [
    `INSERT INTO "Contact" (id, "contactListId", "emailAccountId", email, "emailKey", name, "firstSeenAt", "lastSeenAt")
     SELECT gen_random_uuid(), (SELECT array_agg(id) FROM "ContactList")[1 + n % 50],
       CASE WHEN n % 2 = 0 THEN (SELECT array_agg(id) FROM "EmailAccount")[1 + n % 300] END, n, md5(n::text),
       CASE WHEN n % 100 = 0 THEN '' ELSE n::text END,
       CASE WHEN n % 100 = 1 THEN NULL ELSE now() - n * interval '1 minute' END, now()
     FROM generate_series(1, ${rows}) n`,
    `INSERT INTO "ApiKey" (id, name, "keyHash", hint, permissions, "createdAt", "createdByName", "lastUsedAt", "expiresAt")
     SELECT gen_random_uuid(), n, n, 'abc', '{accounts:read}', now() - n * interval '1 minute', 'Seed',
       CASE WHEN n % 100 = 0 THEN NULL ELSE now() END,
       CASE WHEN n % 100 = 1 THEN now() - interval '1 day' END FROM generate_series(1, ${rows}) n`,
    `INSERT INTO "AuditEvent" (at, "actorKind", "actorId", "actorName", action, "objectKind", "objectId", "objectName")
     SELECT now() - (${rows} - n) * interval '1 minute', 'user', n % 100, 'Ada ' || n % 100,
       CASE WHEN n % 100 = 0 THEN 'session.refuse' ELSE 'contact.update' END, 'contact', n, 'Thing ' || n
     FROM generate_series(1, ${rows}) n`,
    `INSERT INTO "Incident" (id, cause, kind, "remedyId", subject, accounts, "peakAccounts", "openedAt", "quietSince",
       "resolvedAt")
     SELECT gen_random_uuid(), 'mail:' || n, 'mail', CASE WHEN n % 100 = 0 THEN 'imap.authenticate_failed' ELSE 'imap.bye' END,
       'Contoso ' || n, n % 40, n % 40, now() - n * interval '1 hour',
       CASE WHEN n % 100 <> 1 THEN now() END, CASE WHEN n % 100 > 2 THEN now() END FROM generate_series(1, ${rows}) n`,
    // A third of them is revoked, as after some years, among the others.
    `INSERT INTO "Device" (id, name, "nameKey", "emailAccountId", prefix, "passwordHash", protocols, "createdByName",
       "createdAt", paused, "lastUsedAt", "expiresAt", messages, "revokedAt")
     SELECT gen_random_uuid(), n, md5(n::text), (SELECT array_agg(id) FROM "EmailAccount")[1 + n % 2000], k || n, k || n,
       CASE WHEN n % 100 = 2 THEN '{imap}'::text[] ELSE '{smtp}' END, 'Seed', now() - n * interval '1 minute', n % 100 = 3, CASE WHEN n % 100 <> 0 THEN now() END,
       CASE WHEN n % 100 = 1 THEN now() - interval '1 day' END, n % 700, CASE WHEN k = 'r' THEN now() END
     FROM (SELECT n, 'd' AS k FROM generate_series(1, ${rows}) n
       UNION ALL SELECT n, 'r' FROM generate_series(1, ${rows / 2}) n) AS seed ORDER BY md5(n::text)`,
  ];
  return { accounts, others };
}
