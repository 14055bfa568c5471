-- A pause belongs to what the platform counts by: authority, tenant and application. Pauses of before
-- name a cloud and a tenant; nothing matches them any more, and they are removed like all old ones.
-- AlterTable
ALTER TABLE "PlatformPause" ADD COLUMN "authority" TEXT NOT NULL DEFAULT '',
ADD COLUMN "tenantId" TEXT NOT NULL DEFAULT '',
ADD COLUMN "clientId" TEXT NOT NULL DEFAULT '',
ADD COLUMN "askedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN "askedUntil" TIMESTAMPTZ(3),
ADD COLUMN "probedAt" TIMESTAMPTZ(3);
