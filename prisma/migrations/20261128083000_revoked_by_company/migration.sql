-- The company that took every role from a person, and may give one again.
ALTER TABLE "Administrator" ADD COLUMN "disabledByCompanyId" UUID;
ALTER TABLE "Administrator" ADD CONSTRAINT "Administrator_disabledByCompanyId_fkey"
  FOREIGN KEY ("disabledByCompanyId") REFERENCES "CompanySignIn"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "Administrator_disabledByCompanyId_idx" ON "Administrator"("disabledByCompanyId");

-- Through the account of a channel go links that open Postkey. Who changes where that account sends would get
-- them: from then on the channel sends no links, until somebody who may chooses it again.
ALTER TABLE "AlertChannel" ADD COLUMN "linksStoppedAt" TIMESTAMPTZ(3);

CREATE FUNCTION stop_links_of_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  UPDATE "AlertChannel" SET "sendsLinks" = FALSE, "linksStoppedAt" = now(), version = version + 1
  WHERE "sendsLinks" AND kind = 'email_account' AND target->>'emailAccountId' = OLD.id::text;
  RETURN NULL;
END $$;

CREATE TRIGGER stop_links_after_change AFTER UPDATE ON "EmailAccount" FOR EACH ROW
  WHEN ((OLD.service, OLD.hosts, OLD."modernAuthentication", OLD."usernameKey", OLD."emailKey", OLD.mailbox,
      OLD."cloudProviderId")
    IS DISTINCT FROM (NEW.service, NEW.hosts, NEW."modernAuthentication", NEW."usernameKey", NEW."emailKey",
      NEW.mailbox, NEW."cloudProviderId"))
  EXECUTE FUNCTION stop_links_of_account();

CREATE TRIGGER stop_links_after_deletion AFTER DELETE ON "EmailAccount" FOR EACH ROW
  EXECUTE FUNCTION stop_links_of_account();
