-- CreateTable
CREATE TABLE "AuditArchive" (
    "id" SERIAL NOT NULL,
    "file" TEXT NOT NULL,
    "firstId" BIGINT NOT NULL,
    "lastId" BIGINT NOT NULL,
    "events" INTEGER NOT NULL,
    "sha256" TEXT NOT NULL,
    "archivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "AuditArchive_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "AuditArchive_file_key" ON "AuditArchive"("file");

-- CreateIndex
CREATE UNIQUE INDEX "AuditArchive_lastId_key" ON "AuditArchive"("lastId");

-- By hand from here on: what the schema language cannot say.

-- The audit trail is only ever added to; what an archive holds may leave its table.
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'AuditEvent' THEN
    IF EXISTS (SELECT FROM "AuditArchive" a WHERE OLD.id BETWEEN a."firstId" AND a."lastId") THEN
      RETURN OLD;
    END IF;
  END IF;
  RAISE EXCEPTION 'The audit trail is append-only.';
END;
$$;
CREATE TRIGGER "AuditArchive_append_only" BEFORE UPDATE OR DELETE ON "AuditArchive" FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER "AuditArchive_no_truncate" BEFORE TRUNCATE ON "AuditArchive" FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
