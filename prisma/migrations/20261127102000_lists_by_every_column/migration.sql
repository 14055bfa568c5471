-- What the list of providers is filtered and sorted by lies in other tables. It is kept in one row for each, so
-- that no list reads those tables.
CREATE TABLE "CloudProviderSummary" (
    "cloudProviderId" UUID NOT NULL,
    "state" TEXT NOT NULL,
    "accounts" INTEGER NOT NULL,
    "signIns" INTEGER NOT NULL,
    "secretExpiresAt" TIMESTAMPTZ(3) NOT NULL,
    "searched" TEXT NOT NULL,

    CONSTRAINT "CloudProviderSummary_pkey" PRIMARY KEY ("cloudProviderId")
);

-- Providers whose summary the transaction has to write before it ends.
CREATE TABLE "CloudProviderTouch" (
    "transaction" BIGINT NOT NULL,
    "cloudProviderId" UUID NOT NULL,

    CONSTRAINT "CloudProviderTouch_pkey" PRIMARY KEY ("transaction", "cloudProviderId")
);

-- The one rule. What the row of a list shows is lib/registrations/queries.ts; a token that expired since is told
-- there, when the row is read.
CREATE FUNCTION cloud_provider_summaries(providers uuid[]) RETURNS SETOF "CloudProviderSummary"
LANGUAGE sql STABLE AS $$
  SELECT p.id, CASE
      WHEN s.locked THEN 'locked'
      WHEN p."failureId" IS NOT NULL OR s.registration THEN 'fix_registration'
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

CREATE FUNCTION touch_cloud_provider(provider uuid) RETURNS void LANGUAGE sql AS $$
  INSERT INTO "CloudProviderTouch" SELECT txid_current(), provider WHERE provider IS NOT NULL
    ON CONFLICT DO NOTHING;
  SELECT set_config('postkey.touched', 'yes', true)
$$;

-- As the last thing a transaction does, all of its providers at once, and one transaction after the other: whoever
-- writes summaries waits for nothing else, so no two wait for each other.
CREATE FUNCTION write_touched_summaries() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
    "signIns" = EXCLUDED."signIns", "secretExpiresAt" = EXCLUDED."secretExpiresAt", searched = EXCLUDED.searched;
  RETURN NULL;
END;
$$;
CREATE CONSTRAINT TRIGGER "CloudProviderTouch_written" AFTER INSERT ON "CloudProviderTouch"
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION write_touched_summaries();

CREATE FUNCTION provider_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM touch_cloud_provider(coalesce(NEW.id, OLD.id));
  RETURN NULL;
END;
$$;
CREATE TRIGGER "CloudProvider_summary" AFTER INSERT OR DELETE ON "CloudProvider"
  FOR EACH ROW EXECUTE FUNCTION provider_touched();
CREATE TRIGGER "CloudProvider_summary_set" AFTER UPDATE OF "nameKey", "clientId", cloud, "failureId"
  ON "CloudProvider" FOR EACH ROW EXECUTE FUNCTION provider_touched();

CREATE FUNCTION part_of_provider_touched() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP <> 'DELETE' THEN
    PERFORM touch_cloud_provider(NEW."cloudProviderId");
  END IF;
  IF TG_OP <> 'INSERT' THEN
    PERFORM touch_cloud_provider(OLD."cloudProviderId");
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_summary" AFTER INSERT OR DELETE ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "EmailAccount_summary_set" AFTER UPDATE OF "cloudProviderId" ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."cloudProviderId" IS DISTINCT FROM NEW."cloudProviderId") EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "Authorization_summary" AFTER INSERT OR DELETE OR UPDATE OF username, "cloudProviderId", "signedInAt"
  ON "Authorization" FOR EACH ROW EXECUTE FUNCTION part_of_provider_touched();
CREATE TRIGGER "ClientCredential_summary" AFTER INSERT OR DELETE OR UPDATE OF "expiresAt", "supersededAt"
  ON "ClientCredential" FOR EACH ROW EXECUTE FUNCTION part_of_provider_touched();

CREATE FUNCTION token_set_touched() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  PERFORM touch_cloud_provider(a."cloudProviderId") FROM "Authorization" a
    WHERE a.id = coalesce(NEW."authorizationId", OLD."authorizationId");
  RETURN NULL;
END;
$$;
CREATE TRIGGER "TokenSet_summary" AFTER INSERT OR DELETE ON "TokenSet"
  FOR EACH ROW EXECUTE FUNCTION token_set_touched();
CREATE TRIGGER "TokenSet_summary_set" AFTER UPDATE OF state ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION token_set_touched();

INSERT INTO "CloudProviderSummary"
  SELECT s.* FROM cloud_provider_summaries(ARRAY(SELECT id FROM "CloudProvider")) s;

-- What needs a person comes first.
CREATE FUNCTION provider_state_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_position(ARRAY['locked', 'fix_registration', 'sign_in_again', 'retrying', 'not_signed_in',
    'connected'], state), 99)
$$;

CREATE INDEX "CloudProviderSummary_state_idx" ON "CloudProviderSummary"("state");
CREATE INDEX "CloudProviderSummary_accounts_cloudProviderId_idx" ON "CloudProviderSummary"("accounts", "cloudProviderId");
CREATE INDEX "CloudProviderSummary_signIns_cloudProviderId_idx" ON "CloudProviderSummary"("signIns", "cloudProviderId");
CREATE INDEX "CloudProviderSummary_secretExpiresAt_cloudProviderId_idx" ON "CloudProviderSummary"("secretExpiresAt", "cloudProviderId");
CREATE INDEX "CloudProviderSummary_rank_idx" ON "CloudProviderSummary" (provider_state_rank(state), "cloudProviderId");
CREATE INDEX "CloudProviderSummary_searched_idx" ON "CloudProviderSummary" USING gin (searched gin_trgm_ops);
CREATE INDEX "CloudProvider_service_nameKey_id_idx" ON "CloudProvider"("service", "nameKey", "id");
CREATE INDEX "CloudProvider_cloud_nameKey_id_idx" ON "CloudProvider"("cloud", "nameKey", "id");

-- Accounts are sorted and searched by the name of their provider as well: it is kept beside them.
ALTER TABLE "EmailAccount" ADD COLUMN "providerKey" TEXT NOT NULL DEFAULT '';

CREATE FUNCTION set_account_provider_key() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  -- Locked as the foreign key does it: whoever renames the provider comes before or after, never between.
  SELECT "nameKey" INTO NEW."providerKey" FROM "CloudProvider" WHERE id = NEW."cloudProviderId" FOR KEY SHARE;
  NEW."providerKey" := coalesce(NEW."providerKey", '');
  RETURN NEW;
END;
$$;
CREATE TRIGGER "EmailAccount_provider_key" BEFORE INSERT OR UPDATE OF "cloudProviderId", "providerKey"
  ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION set_account_provider_key();

CREATE FUNCTION provider_renamed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE "EmailAccount" SET "providerKey" = NEW."nameKey" WHERE "cloudProviderId" = NEW.id;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "CloudProvider_renamed" AFTER UPDATE OF "nameKey" ON "CloudProvider" FOR EACH ROW
  WHEN (OLD."nameKey" IS DISTINCT FROM NEW."nameKey") EXECUTE FUNCTION provider_renamed();

UPDATE "EmailAccount" e SET "providerKey" = p."nameKey" FROM "CloudProvider" p WHERE p.id = e."cloudProviderId";

CREATE INDEX "EmailAccount_providerKey_id_idx" ON "EmailAccount"("providerKey", "id");
CREATE INDEX "EmailAccount_cloudProviderId_nameKey_id_idx" ON "EmailAccount"("cloudProviderId", "nameKey", "id");
CREATE INDEX "EmailAccount_contactListId_nameKey_id_idx" ON "EmailAccount"("contactListId", "nameKey", "id");
CREATE INDEX "EmailAccount_delegate_idx" ON "EmailAccount" ("usernameKey", "nameKey", id)
  WHERE "modernAuthentication" AND "usernameKey" <> "emailKey";
CREATE INDEX "EmailAccount_password_service_idx" ON "EmailAccount" (service, "nameKey", id)
  WHERE NOT "modernAuthentication";
DROP INDEX "EmailAccount_search_idx";
CREATE INDEX "EmailAccount_search_idx" ON "EmailAccount" USING gin
  (("nameKey" || ' ' || "keyKey" || ' ' || "emailKey" || ' ' || "usernameKey" || ' ' || "providerKey") gin_trgm_ops);

-- Contacts by where they come from, in one list and in all.
CREATE INDEX "Contact_entered_idx" ON "Contact" ("emailKey", id) WHERE "firstSeenAt" IS NULL;
CREATE INDEX "Contact_unnamed_idx" ON "Contact" ("emailKey", id) WHERE name = '';

-- The lists of keys, people and runs, by every column.
CREATE INDEX "ApiKey_name_idx" ON "ApiKey" (lower(name), id) WHERE "revokedAt" IS NULL;
CREATE INDEX "ApiKey_created_idx" ON "ApiKey" ("createdAt", id) WHERE "revokedAt" IS NULL;
CREATE INDEX "ApiKey_used_idx" ON "ApiKey" (coalesce("lastUsedAt", 'epoch'::timestamptz), id)
  WHERE "revokedAt" IS NULL;
CREATE INDEX "ApiKey_expires_idx" ON "ApiKey" (coalesce("expiresAt", '9999-12-31 00:00:00+00'::timestamptz), id)
  WHERE "revokedAt" IS NULL;
CREATE INDEX "ApiKey_ends_idx" ON "ApiKey" ("expiresAt") WHERE "revokedAt" IS NULL AND "expiresAt" IS NOT NULL;
CREATE INDEX "ApiKey_unused_idx" ON "ApiKey" (id) WHERE "revokedAt" IS NULL AND "lastUsedAt" IS NULL;
CREATE INDEX "TestRun_listed_idx" ON "TestRun" ("createdAt", id) WHERE NOT scheduled;
CREATE INDEX "TestRun_total_idx" ON "TestRun" (total, id) WHERE NOT scheduled;

-- A part of a text is rare or it is not: with a hundred samples the planner takes all for common, and walks through
-- the list instead of searching.
ALTER TABLE "CloudProviderSummary" ALTER COLUMN searched SET STATISTICS 1000;
ALTER INDEX "EmailAccount_search_idx" ALTER COLUMN 1 SET STATISTICS 1000;
ALTER INDEX "Contact_search_idx" ALTER COLUMN 1 SET STATISTICS 1000;
