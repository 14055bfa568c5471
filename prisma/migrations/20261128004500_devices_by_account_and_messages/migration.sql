-- The orders of the list of devices that had no index: by the account's name, account after account, and by messages.
CREATE INDEX "Device_account_idx" ON "Device" ("emailAccountId", id) WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_messages_idx" ON "Device" ((least(messages, 999999999)::int), id) WHERE "revokedAt" IS NULL;
