-- A mailbox that the application of a cloud provider must not open, and what came of trying.
CREATE TABLE "ClosedMailbox" (
    "cloudProviderId" UUID NOT NULL,
    "emailAddress" TEXT NOT NULL,
    "result" TEXT,
    "reason" TEXT NOT NULL DEFAULT '',
    "checkedAt" TIMESTAMPTZ(3),
    "dueAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "leaseUntil" TIMESTAMPTZ(3),

    CONSTRAINT "ClosedMailbox_pkey" PRIMARY KEY ("cloudProviderId")
);

ALTER TABLE "ClosedMailbox" ADD CONSTRAINT "ClosedMailbox_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
