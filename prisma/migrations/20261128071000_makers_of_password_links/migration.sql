-- A link for a new password goes with the administrator who made it, as an invitation does.
ALTER TABLE "PasswordLink" ADD COLUMN "createdById" UUID;
UPDATE "PasswordLink" l SET "createdById" = a.id FROM "Administrator" a
WHERE a.name = l."createdByName" AND a.role = 'administrator' AND a."disabledAt" IS NULL
  AND (SELECT count(*) FROM "Administrator" b WHERE b.name = l."createdByName") = 1;
-- Of others nobody knows whose they are; they would have lived for a day at most.
DELETE FROM "PasswordLink" WHERE "createdById" IS NULL AND "createdByName" <> 'The host';
