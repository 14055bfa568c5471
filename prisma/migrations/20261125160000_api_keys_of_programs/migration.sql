-- What a key may reach, from where and how often, and when it was last used.
ALTER TABLE "ApiKey"
  ADD COLUMN "accountIds" UUID[] NOT NULL DEFAULT '{}',
  ADD COLUMN "accountKeyPrefix" TEXT,
  ADD COLUMN "addresses" TEXT[] NOT NULL DEFAULT '{}',
  ADD COLUMN "requestsPerMinute" INTEGER,
  ADD COLUMN "lastUsedAt" TIMESTAMPTZ(3);

-- What was answered to a creation, so that a program that asks again gets it once more.
CREATE TABLE "IdempotencyKey" (
  "apiKeyId" UUID NOT NULL,
  "key" TEXT NOT NULL,
  "fingerprint" TEXT NOT NULL,
  "status" INTEGER,
  "body" TEXT,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  CONSTRAINT "IdempotencyKey_pkey" PRIMARY KEY ("apiKeyId", "key"),
  CONSTRAINT "IdempotencyKey_apiKeyId_fkey" FOREIGN KEY ("apiKeyId") REFERENCES "ApiKey"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "IdempotencyKey_createdAt_idx" ON "IdempotencyKey"("createdAt");

-- Counts since the installation began, which every process adds its own to.
CREATE TABLE "Counter" (
  "name" TEXT NOT NULL,
  "labels" TEXT NOT NULL,
  "value" DOUBLE PRECISION NOT NULL,
  CONSTRAINT "Counter_pkey" PRIMARY KEY ("name", "labels")
);
