-- The last day of a device or key could be 9999-12-31, which is over in a year that no list can show. Nobody will
-- see it: it meant "never".
UPDATE "Device" SET "expiresAt" = NULL WHERE "expiresAt" >= '10000-01-01 00:00:00+00';
UPDATE "ApiKey" SET "expiresAt" = NULL WHERE "expiresAt" >= '10000-01-01 00:00:00+00';
