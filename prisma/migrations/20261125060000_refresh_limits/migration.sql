-- CreateTable
CREATE TABLE "PlatformPause" (
    "subject" TEXT NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,

    CONSTRAINT "PlatformPause_pkey" PRIMARY KEY ("subject")
);

-- DropIndex
DROP INDEX "TokenSet_refreshDueAt_idx";

-- CreateIndex
CREATE INDEX "TokenSet_accessTokenExpiresAt_idx" ON "TokenSet"("accessTokenExpiresAt");

-- By hand from here on: what the schema language cannot say.

-- What waits for a person is not due, however long ago it was: the keeper's query passes it by.
CREATE INDEX "TokenSet_due_idx" ON "TokenSet" ("refreshDueAt") WHERE state IN ('connected', 'retrying');
