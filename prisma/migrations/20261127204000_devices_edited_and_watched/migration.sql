-- An edit of a device names the version that it began with.
ALTER TABLE "Device" ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1,
  ADD COLUMN "rewriteFrom" BOOLEAN NOT NULL DEFAULT FALSE,
  -- The last attempt or message that was refused.
  ADD COLUMN "lastRefusedAt" TIMESTAMPTZ(3),
  -- What the account's server refused a login for that an administrator has to repair; until a login works.
  ADD COLUMN "failureId" TEXT,
  ADD COLUMN "failureProtocol" TEXT,
  ADD COLUMN "failedAt" TIMESTAMPTZ(3);

-- The server's own words about a message that it refused.
ALTER TABLE "DeviceAttempt" ADD COLUMN "reply" TEXT;

-- When the certificate ends that the gateway shows to devices, as it last said.
ALTER TABLE "Installation" ADD COLUMN "deviceCertificateExpiresAt" TIMESTAMPTZ(3),
  ADD COLUMN "deviceCertificateSeenAt" TIMESTAMPTZ(3);

-- The list of devices, by every column.
CREATE INDEX "Device_name_idx" ON "Device" ("nameKey", id) WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_used_idx" ON "Device" (coalesce("lastUsedAt", 'epoch'::timestamptz), id)
  WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_expires_idx" ON "Device" (coalesce("expiresAt", '9999-12-31 00:00:00+00'::timestamptz), id)
  WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_refused_idx" ON "Device" ("lastRefusedAt") WHERE "revokedAt" IS NULL AND "lastRefusedAt" IS NOT NULL;
CREATE INDEX "Device_failing_idx" ON "Device" ("emailAccountId") WHERE "failureId" IS NOT NULL;
