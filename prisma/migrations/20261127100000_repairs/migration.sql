-- The account that an incident stops, where it is one: its repair has a button of its own.
ALTER TABLE "Incident" ADD COLUMN "onlyAccountId" UUID;

-- As before (migration account_states), and one thing more: an account that is signed in again while its last test
-- is a failed one is due for its next test at once, so that nobody has to wait for a day to see that it works.
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
    AND OLD.state IN ('locked', 'fix_registration', 'sign_in_again', 'not_signed_in', 'retrying') THEN
    NEW."nextTestAt" := now();
  END IF;
  RETURN NEW;
END;
$$;
