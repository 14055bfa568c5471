-- Accounts are found by the cause for which their sign-in fails.
CREATE INDEX "TokenSet_failureId_idx" ON "TokenSet" ("failureId") WHERE "failureId" IS NOT NULL;
