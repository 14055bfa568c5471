-- Who is invited, and as what. Links that are open during the update made administrators, and still do.
ALTER TABLE "SetupLink" ADD COLUMN "id" UUID NOT NULL DEFAULT gen_random_uuid(),
  ADD COLUMN "role" TEXT NOT NULL DEFAULT 'administrator',
  ADD COLUMN "email" TEXT,
  ADD COLUMN "name" TEXT,
  ADD COLUMN "invitedById" UUID;
