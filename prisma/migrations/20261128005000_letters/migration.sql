-- Through which channel links go to people by mail: one at most.
ALTER TABLE "AlertChannel" ADD COLUMN "sendsLinks" BOOLEAN NOT NULL DEFAULT false;
CREATE UNIQUE INDEX "AlertChannel_sendsLinks_key" ON "AlertChannel" ("sendsLinks") WHERE "sendsLinks";

-- A message to one person with a one-time link. The link is known by the hash that its own table keeps, so that
-- a letter whose link was used, replaced or revoked is found, and is not sent.
CREATE TABLE "Letter" (
  "id" UUID PRIMARY KEY,
  "kind" TEXT NOT NULL,
  "tokenHash" TEXT NOT NULL,
  "recipient" TEXT NOT NULL,
  "recipientKey" TEXT NOT NULL,
  "subject" TEXT NOT NULL,
  -- With the link in it: erased as soon as it is sent, or will not be.
  "textSealed" TEXT,
  "state" TEXT NOT NULL DEFAULT 'waiting',
  "attempts" INTEGER NOT NULL DEFAULT 0,
  "interruptions" INTEGER NOT NULL DEFAULT 0,
  "dueAt" TIMESTAMPTZ(3) NOT NULL,
  "expiresAt" TIMESTAMPTZ(3) NOT NULL,
  "leaseUntil" TIMESTAMPTZ(3),
  "attemptedAt" TIMESTAMPTZ(3),
  "sentAt" TIMESTAMPTZ(3),
  "result" TEXT,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP
);
CREATE INDEX "Letter_waiting_idx" ON "Letter" ("dueAt", id) WHERE state = 'waiting';
CREATE INDEX "Letter_tokenHash_idx" ON "Letter" ("tokenHash");
CREATE INDEX "Letter_recipientKey_idx" ON "Letter" ("recipientKey");
CREATE INDEX "Letter_attemptedAt_idx" ON "Letter" ("attemptedAt");
CREATE INDEX "Letter_createdAt_idx" ON "Letter" ("createdAt");

-- What Postkey sends by itself about sign-in links. Nothing, unless somebody says so.
ALTER TABLE "Installation" ADD COLUMN "remindHoursBefore" INTEGER,
  ADD COLUMN "sendsLapsedLinks" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "lapsedLinksPerDay" INTEGER NOT NULL DEFAULT 20,
  ADD COLUMN "lapsedLookedAt" TIMESTAMPTZ(3);
