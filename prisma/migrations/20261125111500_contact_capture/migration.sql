-- Where a contact came from, and when it was seen.
ALTER TABLE "Contact"
  ADD COLUMN "emailAccountId" UUID,
  ADD COLUMN "firstSeenAt" TIMESTAMPTZ(3),
  ADD COLUMN "lastSeenAt" TIMESTAMPTZ(3),
  ADD COLUMN "version" INTEGER NOT NULL DEFAULT 1;

ALTER TABLE "Contact" ADD CONSTRAINT "Contact_emailAccountId_fkey"
  FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE SET NULL ON UPDATE CASCADE;

CREATE INDEX "Contact_emailAccountId_idx" ON "Contact"("emailAccountId");
CREATE INDEX "Contact_lastSeenAt_id_idx" ON "Contact"("lastSeenAt", "id");

ALTER TABLE "EmailAccount"
  ADD COLUMN "captureReplyTo" BOOLEAN NOT NULL DEFAULT false,
  ADD COLUMN "captureAutomatic" BOOLEAN NOT NULL DEFAULT false;

-- Who follows an inbox, and how far it was read.
CREATE TABLE "CaptureState" (
    "emailAccountId" UUID NOT NULL,
    "uidValidity" BIGINT,
    "lastUid" BIGINT NOT NULL DEFAULT 0,
    "lastReceivedAt" TIMESTAMPTZ(3),
    "messages" BIGINT NOT NULL DEFAULT 0,
    "captured" BIGINT NOT NULL DEFAULT 0,
    "skipped" JSONB NOT NULL DEFAULT '{}',
    "leaseOwner" TEXT,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 0,
    "followingSince" TIMESTAMPTZ(3),
    "readAt" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "failureId" TEXT,
    "failedAt" TIMESTAMPTZ(3),
    "retryAt" TIMESTAMPTZ(3),

    CONSTRAINT "CaptureState_pkey" PRIMARY KEY ("emailAccountId")
);

ALTER TABLE "CaptureState" ADD CONSTRAINT "CaptureState_emailAccountId_fkey"
  FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;

CREATE INDEX "CaptureState_leaseOwner_idx" ON "CaptureState"("leaseOwner");
