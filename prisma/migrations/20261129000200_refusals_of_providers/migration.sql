-- Why the sign-ins of a provider were refused: "sign in again", "refused" and "blocked by policy" are told apart by
-- it, in a row and in what the list is narrowed to.
ALTER TABLE "CloudProviderSummary" ADD COLUMN "failureIds" TEXT[] NOT NULL DEFAULT '{}';

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
    p."nameKey",
    array_remove(s.refusals || p."failureId", NULL)
  FROM unnest(providers) AS given(id) JOIN "CloudProvider" p ON p.id = given.id
  CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, coalesce(bool_or(t.state = 'locked'), false) AS locked,
      coalesce(bool_or(t.state = 'fix_registration'), false) AS registration,
      coalesce(bool_or(t.state = 'sign_in_again'), false) AS again,
      coalesce(bool_or(t.state = 'retrying'), false) AS retrying,
      array_agg(DISTINCT t.failure) FILTER (WHERE t.state IN ('sign_in_again', 'fix_registration')) AS refusals,
      array_to_string((array_agg(t.username ORDER BY t."signedInAt" DESC))[1:3], ' ') AS usernames
    FROM (
      SELECT s.username, s."signedInAt", s.token[1] AS state, s.token[2] AS failure
      FROM (
        -- Not a join: while statistics say that the tables are empty, it would read one of them for each row.
        SELECT a.username, a."signedInAt",
          (SELECT ARRAY[t.state, t."failureId"] FROM "TokenSet" t WHERE t."authorizationId" = a.id) AS token
        FROM "Authorization" a WHERE a."cloudProviderId" = p.id
        OFFSET 0
      ) s
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
    "nameKey" = EXCLUDED."nameKey", "failureIds" = EXCLUDED."failureIds";
  RETURN NULL;
END;
$$;

DROP TRIGGER "TokenSet_summary_set" ON "TokenSet";
CREATE TRIGGER "TokenSet_summary_set" AFTER UPDATE OF state, "failureId" ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state OR NEW.state IN ('sign_in_again', 'fix_registration')
    AND OLD."failureId" IS DISTINCT FROM NEW."failureId")
  EXECUTE FUNCTION token_set_touched();

UPDATE "CloudProviderSummary" f SET "failureIds" = s."failureIds"
FROM cloud_provider_summaries(ARRAY(SELECT "cloudProviderId" FROM "CloudProviderSummary"
  WHERE state IN ('sign_in_again', 'fix_registration'))) s
WHERE s."cloudProviderId" = f."cloudProviderId";
