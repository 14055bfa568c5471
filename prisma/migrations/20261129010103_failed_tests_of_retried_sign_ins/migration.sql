-- As before (migration account_states), and one thing more: a sign-in that is retried mends itself, a failed test
-- needs a person. The account says the worse of the two.
CREATE OR REPLACE FUNCTION email_account_state(active boolean, modern boolean, provider uuid, signed_in text, verdicts text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN s.state IN ('connected', 'retrying', 'password') AND 'failed' = ANY (verdicts) THEN 'test_failed'
    ELSE s.state END
  FROM (SELECT CASE
    WHEN NOT active THEN 'inactive'
    WHEN NOT modern THEN 'password'
    WHEN provider IS NULL THEN 'no_provider'
    WHEN signed_in IN ('connected', 'retrying', 'sign_in_again', 'fix_registration', 'locked') THEN signed_in
    ELSE 'not_signed_in' END AS state) s
$$;

-- As before (migration repairs): an account that is signed in again while its last test is a failed one is due for its
-- next test at once. While its sign-in was retried it stood as it does now: a change of nothing but the state is
-- that of its tokens.
CREATE OR REPLACE FUNCTION set_email_account_state() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
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
  IF TG_OP = 'UPDATE' AND NEW.state = 'test_failed' AND NEW."testSchedule" <> 'off' AND NEW."lastTestedAt" = OLD."lastTestedAt"
    AND (OLD.state IN ('locked', 'fix_registration', 'sign_in_again', 'not_signed_in')
      OR (token_set_state = 'connected' AND NEW IS NOT DISTINCT FROM OLD)) THEN
    NEW."nextTestAt" := now();
  END IF;
  RETURN NEW;
END;
$$;

UPDATE "EmailAccount" SET state = state WHERE state = 'retrying' AND 'failed' IN ("imapVerdict", "smtpVerdict", "pop3Verdict");
