-- A password that was taken on the host lets no one in, and is refused where a new one is chosen.
ALTER TABLE "Administrator" ADD COLUMN "takenPasswordHash" TEXT;
