-- What was created together from one file: a list of it is a link.
ALTER TABLE "EmailAccount" ADD COLUMN "importId" UUID;

CREATE INDEX "EmailAccount_importId_nameKey_id_idx" ON "EmailAccount" ("importId", "nameKey", id)
  WHERE "importId" IS NOT NULL;
