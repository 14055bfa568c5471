-- A link for the owner of a mailbox whose last account is deleted signs nothing in that anybody wants. Links for names
-- that no account used are of their provider, and stay.
CREATE FUNCTION void_sign_in_links() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  DELETE FROM "SignInLink" l WHERE l."cloudProviderId" = OLD."cloudProviderId" AND l."usernameKey" = OLD."usernameKey"
    AND l."signedInAt" IS NULL AND NOT EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e."cloudProviderId" = OLD."cloudProviderId" AND e."usernameKey" = OLD."usernameKey");
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_voids_links" AFTER DELETE ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."cloudProviderId" IS NOT NULL) EXECUTE FUNCTION void_sign_in_links();
