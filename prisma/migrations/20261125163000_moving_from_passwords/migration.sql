-- What an account was before it was moved from its password, for as long as that can be undone.
ALTER TABLE "EmailAccount" ADD COLUMN "formerUsername" TEXT,
  ADD COLUMN "movedAt" TIMESTAMPTZ(3);
CREATE INDEX "EmailAccount_movedAt_idx" ON "EmailAccount"("movedAt");

-- The account for whose move somebody signs in: the way back leads there.
ALTER TABLE "AuthorizationRequest" ADD COLUMN "emailAccountId" UUID;
