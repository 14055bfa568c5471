-- The same once the last account that needs the sign-in gets another user name or another provider.
CREATE TRIGGER "EmailAccount_moved_voids_links" AFTER UPDATE ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."cloudProviderId" IS NOT NULL AND (OLD."cloudProviderId" IS DISTINCT FROM NEW."cloudProviderId"
    OR OLD."usernameKey" IS DISTINCT FROM NEW."usernameKey"))
  EXECUTE FUNCTION void_sign_in_links();
