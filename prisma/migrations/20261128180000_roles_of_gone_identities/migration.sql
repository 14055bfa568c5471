-- A company sign-in that was given another issuer forgot its people, and still decided their roles: nobody could change them.
UPDATE "Administrator" a SET "managedById" = NULL
WHERE a."managedById" IS NOT NULL AND NOT EXISTS (
  SELECT 1 FROM "AdministratorIdentity" i
  WHERE i."administratorId" = a.id AND i."companySignInId" = a."managedById");
