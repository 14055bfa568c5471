-- Devices are searched by the name and address of their account as well: they are kept beside them, as the names of
-- providers are beside accounts.
ALTER TABLE "Device" ADD COLUMN "accountKey" TEXT NOT NULL DEFAULT '';

CREATE FUNCTION set_device_account_key() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  -- Locked against a change of the name: whoever changes it comes before or after, never between.
  SELECT "nameKey" || ' ' || "emailKey" INTO NEW."accountKey" FROM "EmailAccount"
    WHERE id = NEW."emailAccountId" FOR SHARE;
  NEW."accountKey" := coalesce(NEW."accountKey", '');
  RETURN NEW;
END;
$$;
CREATE TRIGGER "Device_account_key" BEFORE INSERT OR UPDATE OF "emailAccountId", "accountKey"
  ON "Device" FOR EACH ROW EXECUTE FUNCTION set_device_account_key();

CREATE FUNCTION account_of_devices_renamed() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE "Device" SET "accountKey" = '' WHERE "emailAccountId" = NEW.id;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_renamed" AFTER UPDATE OF "nameKey", "emailKey" ON "EmailAccount" FOR EACH ROW
  WHEN (OLD."nameKey" IS DISTINCT FROM NEW."nameKey" OR OLD."emailKey" IS DISTINCT FROM NEW."emailKey")
  EXECUTE FUNCTION account_of_devices_renamed();

UPDATE "Device" d SET "accountKey" = e."nameKey" || ' ' || e."emailKey" FROM "EmailAccount" e
  WHERE e.id = d."emailAccountId";

CREATE INDEX "Device_search_idx" ON "Device" USING gin
  (("nameKey" || ' ' || prefix || ' ' || "accountKey") gin_trgm_ops);

-- Those that are revoked have a view of their own; the other orders leave them out.
CREATE INDEX "Device_revoked_idx" ON "Device" ("createdAt", id) WHERE "revokedAt" IS NOT NULL;
CREATE INDEX "Device_paused_idx" ON "Device" ("createdAt", id) WHERE "revokedAt" IS NULL AND paused;
CREATE INDEX "Device_ends_idx" ON "Device" ("expiresAt") WHERE "revokedAt" IS NULL AND "expiresAt" IS NOT NULL;
