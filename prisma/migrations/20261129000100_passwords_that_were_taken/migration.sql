-- Passwords that were taken on the host let no one in, and are refused where a new one is chosen.
ALTER TABLE "Administrator" ADD COLUMN "takenPasswordHashes" TEXT[] NOT NULL DEFAULT '{}';
