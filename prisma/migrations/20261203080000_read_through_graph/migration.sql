-- How an account's mail is read.
ALTER TABLE "EmailAccount" ADD COLUMN "readsBy" TEXT NOT NULL DEFAULT 'imap';

-- How far an inbox was read through Microsoft Graph.
ALTER TABLE "CaptureState" ADD COLUMN "deltaLink" TEXT;
