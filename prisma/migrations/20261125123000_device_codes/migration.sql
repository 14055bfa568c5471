-- AlterTable
ALTER TABLE "AuthorizationRequest" ADD COLUMN     "nextPollAt" TIMESTAMPTZ(3),
ADD COLUMN     "pollIntervalMs" INTEGER,
ADD COLUMN     "startedByName" TEXT;

-- CreateIndex
CREATE INDEX "AuthorizationRequest_nextPollAt_idx" ON "AuthorizationRequest"("nextPollAt");
