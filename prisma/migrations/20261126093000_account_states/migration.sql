-- One word for how an account stands, the worst of its sign-in and its last test: lists filter by it and
-- count it, so it is kept in the row. A token that ran out since is told by the query (token_state).
ALTER TABLE "EmailAccount" ADD COLUMN "state" TEXT NOT NULL DEFAULT 'not_signed_in';

-- The one rule. Null where no one is signed in; a state of a later version counts as that.
CREATE FUNCTION email_account_state(active boolean, modern boolean, provider uuid, signed_in text, verdicts text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN s.state IN ('connected', 'password') AND 'failed' = ANY (verdicts) THEN 'test_failed' ELSE s.state END
  FROM (SELECT CASE
    WHEN NOT active THEN 'inactive'
    WHEN NOT modern THEN 'password'
    WHEN provider IS NULL THEN 'no_provider'
    WHEN signed_in IN ('connected', 'retrying', 'sign_in_again', 'fix_registration', 'locked') THEN signed_in
    ELSE 'not_signed_in' END AS state) s
$$;

-- The database applies it, whoever writes: an update of an earlier version, too.
-- Plans are made once a session, maybe while the tables are small or their statistics old: by index, always.
CREATE FUNCTION set_email_account_state() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  signed_in_name text;
  authorization_id uuid;
  token_set_state text;
BEGIN
  IF NEW.active AND NEW."modernAuthentication" AND NEW."cloudProviderId" IS NOT NULL THEN
    -- One row by one index each, whatever the statistics say: a join could read a table for each account.
    SELECT CASE WHEN "grant" = 'app_only' THEN '' ELSE NEW."usernameKey" END INTO signed_in_name
      FROM "CloudProvider" WHERE id = NEW."cloudProviderId";
    SELECT id INTO authorization_id FROM "Authorization"
      WHERE "cloudProviderId" = NEW."cloudProviderId" AND username = signed_in_name;
    SELECT state INTO token_set_state FROM "TokenSet" WHERE "authorizationId" = authorization_id;
  END IF;
  NEW.state := email_account_state(NEW.active, NEW."modernAuthentication", NEW."cloudProviderId", token_set_state,
    ARRAY[NEW."imapVerdict", NEW."smtpVerdict", NEW."pop3Verdict"]);
  RETURN NEW;
END;
$$;
CREATE TRIGGER "EmailAccount_state_new" BEFORE INSERT ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION set_email_account_state();
CREATE TRIGGER "EmailAccount_state_set" BEFORE UPDATE OF state, active, "modernAuthentication", "cloudProviderId",
  "usernameKey", "imapVerdict", "smtpVerdict", "pop3Verdict" ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION set_email_account_state();

-- Naming the column is enough: the trigger above sets it. What writes tokens never waits for accounts: one
-- that somebody edits is left out, and lib/email-accounts/states sets it right within a minute. Waiting, a
-- renewal would hang on an edit, and the two would wait for each other.
-- Without a name: all accounts of the provider. By cursor, since no statistics can mislead that.
CREATE FUNCTION set_states_of_accounts(provider uuid, signed_in text) RETURNS void
LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  of_provider CURSOR FOR SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = provider
    FOR NO KEY UPDATE SKIP LOCKED;
  of_person CURSOR FOR SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = provider AND "usernameKey" = signed_in
    FOR NO KEY UPDATE SKIP LOCKED;
BEGIN
  IF signed_in IS NULL OR EXISTS (SELECT 1 FROM "CloudProvider" p WHERE p.id = provider AND p."grant" = 'app_only') THEN
    FOR account IN of_provider LOOP
      UPDATE "EmailAccount" SET state = state WHERE CURRENT OF of_provider;
    END LOOP;
  ELSE
    FOR account IN of_person LOOP
      UPDATE "EmailAccount" SET state = state WHERE CURRENT OF of_person;
    END LOOP;
  END IF;
END;
$$;

CREATE FUNCTION token_set_state_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_states_of_accounts(a."cloudProviderId", a.username) FROM "Authorization" a
    WHERE a.id = coalesce(NEW."authorizationId", OLD."authorizationId");
  RETURN NULL;
END;
$$;
CREATE TRIGGER "TokenSet_accounts_new" AFTER INSERT OR DELETE ON "TokenSet"
  FOR EACH ROW EXECUTE FUNCTION token_set_state_changed();
CREATE TRIGGER "TokenSet_accounts_set" AFTER UPDATE OF state ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION token_set_state_changed();

CREATE FUNCTION authorization_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_states_of_accounts(OLD."cloudProviderId", OLD.username);
  IF TG_OP = 'UPDATE' THEN
    PERFORM set_states_of_accounts(NEW."cloudProviderId", NEW.username);
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "Authorization_accounts_gone" AFTER DELETE ON "Authorization"
  FOR EACH ROW EXECUTE FUNCTION authorization_changed();
CREATE TRIGGER "Authorization_accounts_set" AFTER UPDATE OF username, "cloudProviderId" ON "Authorization"
  FOR EACH ROW EXECUTE FUNCTION authorization_changed();

CREATE FUNCTION provider_grant_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM set_states_of_accounts(NEW.id, NULL);
  RETURN NULL;
END;
$$;
CREATE TRIGGER "CloudProvider_accounts_set" AFTER UPDATE OF "grant" ON "CloudProvider" FOR EACH ROW
  WHEN (OLD."grant" IS DISTINCT FROM NEW."grant") EXECUTE FUNCTION provider_grant_changed();

-- Cheaper than any other index, whatever the statistics say: while they say that a table is empty, the planner
-- finds all its indexes equal, and reads the whole of one for each account.
CREATE INDEX "Authorization_username_idx" ON "Authorization" USING hash (username);
CREATE INDEX "EmailAccount_usernameKey_idx" ON "EmailAccount" USING hash ("usernameKey");

UPDATE "EmailAccount" SET state = state;

-- What needs a person comes first: the order of a list by state.
CREATE FUNCTION account_state_rank(state text) RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(array_position(ARRAY['locked', 'fix_registration', 'sign_in_again', 'test_failed', 'no_provider',
    'not_signed_in', 'retrying', 'connected', 'password', 'inactive'], state), 99)
$$;

-- What lists, filters and their counts read: never the whole table.
CREATE INDEX "EmailAccount_state_nameKey_id_idx" ON "EmailAccount" (state, "nameKey", id);
CREATE INDEX "EmailAccount_state_rank_idx" ON "EmailAccount" (account_state_rank(state), id);
CREATE INDEX "EmailAccount_imap_failed_idx" ON "EmailAccount" ("nameKey", id) WHERE "imapVerdict" = 'failed';
CREATE INDEX "EmailAccount_smtp_failed_idx" ON "EmailAccount" ("nameKey", id) WHERE "smtpVerdict" = 'failed';
CREATE INDEX "EmailAccount_pop3_failed_idx" ON "EmailAccount" ("nameKey", id) WHERE "pop3Verdict" = 'failed';
CREATE INDEX "EmailAccount_service_nameKey_id_idx" ON "EmailAccount" (service, "nameKey", id);
CREATE INDEX "EmailAccount_testSchedule_nameKey_id_idx" ON "EmailAccount" ("testSchedule", "nameKey", id);
CREATE INDEX "EmailAccount_tested_idx" ON "EmailAccount" (coalesce("lastTestedAt", 'epoch'::timestamptz), id);
