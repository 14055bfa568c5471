-- Whoever edits an account may wait for its provider; so whoever renames the provider, holding it, must not wait for
-- its accounts: one that somebody edits is left out, and lib/email-accounts/states sets it right within a minute.
CREATE OR REPLACE FUNCTION provider_renamed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
DECLARE
  of_provider CURSOR FOR SELECT id FROM "EmailAccount" WHERE "cloudProviderId" = NEW.id
    FOR NO KEY UPDATE SKIP LOCKED;
BEGIN
  FOR account IN of_provider LOOP
    UPDATE "EmailAccount" SET "providerKey" = NEW."nameKey" WHERE CURRENT OF of_provider;
  END LOOP;
  RETURN NULL;
END;
$$;
