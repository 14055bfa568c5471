-- The view of the revoked devices in every order, as that of the others: without them all of its rows were sorted.
CREATE INDEX "Device_revoked_name_idx" ON "Device" ("nameKey", id) WHERE "revokedAt" IS NOT NULL;
CREATE INDEX "Device_revoked_account_idx" ON "Device" ("accountKey", id) WHERE "revokedAt" IS NOT NULL;
CREATE INDEX "Device_revoked_used_idx" ON "Device" (coalesce("lastUsedAt", 'epoch'::timestamptz), id)
  WHERE "revokedAt" IS NOT NULL;
CREATE INDEX "Device_revoked_expires_idx" ON "Device"
  (coalesce("expiresAt", '9999-12-31 00:00:00+00'::timestamptz), id) WHERE "revokedAt" IS NOT NULL;
CREATE INDEX "Device_revoked_messages_idx" ON "Device" ((least(messages, 999999999)::int), id)
  WHERE "revokedAt" IS NOT NULL;
