-- Who revoked a device: its page says so, and keeps its history.
ALTER TABLE "Device" ADD COLUMN "revokedByName" TEXT;
