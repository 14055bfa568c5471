-- A device waits for a place: one that holds it and says nothing gives it up.
ALTER TABLE "MailboxPlace" ADD COLUMN "wanted" BOOLEAN NOT NULL DEFAULT FALSE;
