-- CreateTable
CREATE TABLE "AuditHead" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "eventId" BIGINT NOT NULL,
    "hash" TEXT NOT NULL,
    "olderRows" INTEGER NOT NULL,
    "mac" TEXT NOT NULL,

    CONSTRAINT "AuditHead_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "AuditEvent_actorId_id_idx" ON "AuditEvent"("actorId", "id" DESC);

-- CreateIndex
CREATE INDEX "AuditEvent_action_id_idx" ON "AuditEvent"("action", "id" DESC);

-- By hand from here on: what the schema language cannot say.
ALTER TABLE "AuditHead" ADD CONSTRAINT "AuditHead_single" CHECK (id = 1);
CREATE INDEX "AuditEvent_search_idx" ON "AuditEvent" USING gin (lower("actorName" || ' ' || "objectName") gin_trgm_ops);
