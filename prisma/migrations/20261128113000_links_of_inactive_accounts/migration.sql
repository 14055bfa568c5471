-- The same once the last account is switched off: nobody has a use for that sign-in now. A link that is created for an
-- account that is inactive already is wanted, and works.
CREATE FUNCTION void_unused_sign_in_links() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM "SignInLink" l WHERE l."cloudProviderId" = NEW."cloudProviderId" AND l."usernameKey" = NEW."usernameKey"
    AND l."signedInAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e."cloudProviderId" = NEW."cloudProviderId" AND e."usernameKey" = NEW."usernameKey" AND e.active);
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_voids_unused_links" AFTER UPDATE OF active ON "EmailAccount" FOR EACH ROW
  WHEN (OLD.active AND NOT NEW.active AND NEW."cloudProviderId" IS NOT NULL)
  EXECUTE FUNCTION void_unused_sign_in_links();
