-- More than one may have been taken: all of the last ones are refused where a new one is chosen.
ALTER TABLE "Administrator" ADD COLUMN "takenPasswordHashes" TEXT[] NOT NULL DEFAULT '{}';
UPDATE "Administrator" SET "takenPasswordHashes" = ARRAY["takenPasswordHash"] WHERE "takenPasswordHash" IS NOT NULL;
ALTER TABLE "Administrator" DROP COLUMN "takenPasswordHash";
