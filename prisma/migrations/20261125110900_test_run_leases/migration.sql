-- Whose test has a mailbox, so that nobody tests it twice at once.
CREATE TABLE "MailboxLease" (
    "mailbox" TEXT NOT NULL,
    "owner" UUID NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "MailboxLease_pkey" PRIMARY KEY ("mailbox")
);
