-- As before (migration nothing_lost), and one thing more: that nothing fails is no proof that it works. An edit of the
-- settings takes the failed test away, and said so far that the account was active again, which no test had found.
-- 'working' is what a test found, 'active' what is on and was not tested since the last edit. An earlier version that
-- still runs knows both words.
CREATE FUNCTION account_history_state(active boolean, failure text, tested timestamptz) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN active AND failure IS NULL AND tested IS NOT NULL THEN 'working' ELSE account_state(active, failure) END
$$;

-- An account that is switched on was not tested just then, and stands as it did.
CREATE OR REPLACE FUNCTION record_account_state() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  before text := account_history_state(OLD.active, OLD."testFailureId", OLD."lastTestedAt");
  after text := account_history_state(NEW.active, NEW."testFailureId", NEW."lastTestedAt");
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  VALUES ('email_account', NEW.id, NEW."cloudProviderId", NEW.name, before,
    CASE WHEN before = 'inactive' AND after = 'working' THEN 'active' ELSE after END, NEW."testFailureId");
  RETURN NULL;
END;
$$;

-- What an edit does to the last test is no news of the account: the next test is.
CREATE OR REPLACE TRIGGER "EmailAccount_state" AFTER UPDATE OF active, "testFailureId", "lastTestedAt" ON "EmailAccount" FOR EACH ROW
  WHEN (account_history_state(OLD.active, OLD."testFailureId", OLD."lastTestedAt")
      <> account_history_state(NEW.active, NEW."testFailureId", NEW."lastTestedAt")
    AND (NOT OLD.active OR account_history_state(NEW.active, NEW."testFailureId", NEW."lastTestedAt") <> 'active'))
  EXECUTE FUNCTION record_account_state();
