-- Every page counts what needs a person, and every page of accounts what each of its chips shows: from an index alone.
CREATE INDEX "EmailAccount_state_idx" ON "EmailAccount" (state);
DROP INDEX "EmailAccount_imap_failed_idx";
DROP INDEX "EmailAccount_smtp_failed_idx";
DROP INDEX "EmailAccount_pop3_failed_idx";
CREATE INDEX "EmailAccount_imap_failed_idx" ON "EmailAccount" ("nameKey", id)
  WHERE "imapVerdict" = 'failed' AND active;
CREATE INDEX "EmailAccount_smtp_failed_idx" ON "EmailAccount" ("nameKey", id)
  WHERE "smtpVerdict" = 'failed' AND active;
CREATE INDEX "EmailAccount_pop3_failed_idx" ON "EmailAccount" ("nameKey", id)
  WHERE "pop3Verdict" = 'failed' AND active;
CREATE INDEX "EmailAccount_passed_idx" ON "EmailAccount" ("lastTestedAt") WHERE active AND "testFailureId" IS NULL;
CREATE INDEX "Incident_unresolved_idx" ON "Incident" (accounts DESC, "openedAt", id)
  INCLUDE ("quietSince", "announcedAt") WHERE "resolvedAt" IS NULL;

-- By name, whatever the list of providers is narrowed to: the walk along the names meets everything that it asks for.
ALTER TABLE "CloudProviderSummary" ADD COLUMN "nameKey" TEXT NOT NULL DEFAULT '';
UPDATE "CloudProviderSummary" s SET "nameKey" = p."nameKey" FROM "CloudProvider" p WHERE p.id = s."cloudProviderId";
CREATE INDEX "CloudProviderSummary_name_idx" ON "CloudProviderSummary"
  ("nameKey", "cloudProviderId", state, accounts, "signIns", "secretExpiresAt");
CREATE INDEX "CloudProviderSummary_unused_idx" ON "CloudProviderSummary" ("nameKey", "cloudProviderId")
  INCLUDE (state, accounts, "signIns", "secretExpiresAt") WHERE accounts = 0;

CREATE OR REPLACE FUNCTION cloud_provider_summaries(providers uuid[]) RETURNS SETOF "CloudProviderSummary"
LANGUAGE sql STABLE AS $$
  SELECT p.id, CASE
      WHEN s.locked THEN 'locked'
      WHEN p."failureId" IS NOT NULL OR p."redirectFailureId" IS NOT NULL OR s.registration THEN 'fix_registration'
      WHEN s.again THEN 'sign_in_again'
      WHEN s.retrying THEN 'retrying'
      WHEN s.count > 0 THEN 'connected'
      ELSE 'not_signed_in' END,
    (SELECT count(*)::int FROM "EmailAccount" e WHERE e."cloudProviderId" = p.id),
    s.count,
    coalesce((SELECT c."expiresAt" FROM "ClientCredential" c
      WHERE c."cloudProviderId" = p.id AND c."supersededAt" IS NULL ORDER BY c.version DESC LIMIT 1),
      '9999-12-31 00:00:00+00'::timestamptz),
    concat_ws(' ', p."nameKey", p."clientId", p.cloud, s.usernames),
    p."nameKey"
  FROM unnest(providers) AS given(id) JOIN "CloudProvider" p ON p.id = given.id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, coalesce(bool_or(t.state = 'locked'), false) AS locked,
      coalesce(bool_or(t.state = 'fix_registration'), false) AS registration,
      coalesce(bool_or(t.state = 'sign_in_again'), false) AS again,
      coalesce(bool_or(t.state = 'retrying'), false) AS retrying,
      array_to_string((array_agg(t.username ORDER BY t."signedInAt" DESC))[1:3], ' ') AS usernames
    FROM (
      -- Not a join: while statistics say that the tables are empty, it would read one of them for each row.
      SELECT a.username, a."signedInAt",
        (SELECT t.state FROM "TokenSet" t WHERE t."authorizationId" = a.id) AS state
      FROM "Authorization" a WHERE a."cloudProviderId" = p.id
    ) t
    WHERE t.state IS NOT NULL
  ) s
$$;

CREATE OR REPLACE FUNCTION write_touched_summaries() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  touched uuid[];
BEGIN
  -- Called for each of them; the first call does it for all.
  IF current_setting('postkey.touched', true) IS DISTINCT FROM 'yes' THEN
    RETURN NULL;
  END IF;
  PERFORM set_config('postkey.touched', 'no', true);
  WITH taken AS (
    DELETE FROM "CloudProviderTouch" WHERE "transaction" = txid_current() RETURNING "cloudProviderId"
  ) SELECT array_agg("cloudProviderId") INTO touched FROM taken;
  IF touched IS NULL THEN
    RETURN NULL;
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('CloudProviderSummary'));
  DELETE FROM "CloudProviderSummary" s WHERE s."cloudProviderId" = ANY (touched)
    AND NOT EXISTS (SELECT 1 FROM "CloudProvider" p WHERE p.id = s."cloudProviderId");
  INSERT INTO "CloudProviderSummary" SELECT * FROM cloud_provider_summaries(touched)
  ON CONFLICT ("cloudProviderId") DO UPDATE SET state = EXCLUDED.state, accounts = EXCLUDED.accounts,
    "signIns" = EXCLUDED."signIns", "secretExpiresAt" = EXCLUDED."secretExpiresAt", searched = EXCLUDED.searched,
    "nameKey" = EXCLUDED."nameKey";
  RETURN NULL;
END;
$$;

-- What a run came to, once it is over: the list is sorted by it, and would count every item of every run.
ALTER TABLE "TestRun" ADD COLUMN "works" INTEGER, ADD COLUMN "failed" INTEGER, ADD COLUMN "skipped" INTEGER;
UPDATE "TestRun" r SET works = c.works, failed = c.failed, skipped = c.skipped
FROM (
  SELECT "testRunId", count(*) FILTER (WHERE state = 'ok') AS works,
    count(*) FILTER (WHERE state = 'failed') AS failed, count(*) FILTER (WHERE state = 'skipped') AS skipped
  FROM "TestRunItem" GROUP BY 1
) c WHERE c."testRunId" = r.id AND r."finishedAt" IS NOT NULL;
