-- That the redirect URI is not registered stops new sign-ins alone: tokens are renewed as before, so it is kept
-- beside the failure of the registration, and both make its state.
ALTER TABLE "CloudProvider" ADD COLUMN "redirectFailureId" TEXT;

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
    concat_ws(' ', p."nameKey", p."clientId", p.cloud, s.usernames)
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

DROP TRIGGER "CloudProvider_summary_set" ON "CloudProvider";
CREATE TRIGGER "CloudProvider_summary_set"
  AFTER UPDATE OF "nameKey", "clientId", cloud, "failureId", "redirectFailureId"
  ON "CloudProvider" FOR EACH ROW EXECUTE FUNCTION provider_touched();
