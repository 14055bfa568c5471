-- AlterTable
ALTER TABLE "AuditEvent" ADD COLUMN     "address" TEXT,
ADD COLUMN     "hash" TEXT;

-- AlterTable
ALTER TABLE "Authorization" ADD COLUMN     "grant" TEXT NOT NULL DEFAULT 'delegated';

-- AlterTable
ALTER TABLE "ClientCredential" ADD COLUMN     "keptUntil" TIMESTAMPTZ(3),
ADD COLUMN     "keyId" TEXT,
ADD COLUMN     "origin" TEXT NOT NULL DEFAULT 'typed',
ADD COLUMN     "refusedAs" TEXT,
ADD COLUMN     "refusedAt" TIMESTAMPTZ(3),
ADD COLUMN     "restoredFrom" INTEGER;

-- AlterTable
ALTER TABLE "CloudProvider" ADD COLUMN     "autoRotate" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "rotateDueAt" TIMESTAMPTZ(3),
ADD COLUMN     "rotationFailedAt" TIMESTAMPTZ(3),
ADD COLUMN     "rotationFailureId" TEXT;

-- AlterTable
ALTER TABLE "EmailAccount" ADD COLUMN     "nextTestAt" TIMESTAMPTZ(3),
ADD COLUMN     "testFailingSince" TIMESTAMPTZ(3),
ADD COLUMN     "testFailureId" TEXT,
ADD COLUMN     "testSchedule" TEXT NOT NULL DEFAULT 'off';

-- AlterTable
ALTER TABLE "TokenSet" ADD COLUMN     "failingSince" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "StateChange" (
    "id" BIGSERIAL NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "objectKind" TEXT NOT NULL,
    "objectId" UUID NOT NULL,
    "cloudProviderId" UUID,
    "subject" TEXT NOT NULL,
    "fromState" TEXT NOT NULL,
    "toState" TEXT NOT NULL,
    "failureId" TEXT,

    CONSTRAINT "StateChange_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Installation" (
    "id" INTEGER NOT NULL DEFAULT 1,
    "installationId" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "restoredAt" TIMESTAMPTZ(3),
    "auditKeySealed" TEXT,
    "calendarTokenSealed" TEXT,
    "digestAt" TIMESTAMPTZ(3),

    CONSTRAINT "Installation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Incident" (
    "id" UUID NOT NULL,
    "cause" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "remedyId" TEXT NOT NULL,
    "cloudProviderId" UUID,
    "subject" TEXT NOT NULL,
    "accounts" INTEGER NOT NULL,
    "peakAccounts" INTEGER NOT NULL,
    "accountNames" TEXT[],
    "openedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "announcedAt" TIMESTAMPTZ(3),
    "quietSince" TIMESTAMPTZ(3),
    "resolvedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Incident_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AlertChannel" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "target" JSONB NOT NULL,
    "secretSealed" TEXT,
    "version" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "lastDeliveredAt" TIMESTAMPTZ(3),
    "failingSince" TIMESTAMPTZ(3),
    "failureText" TEXT,

    CONSTRAINT "AlertChannel_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "Alert" (
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "dedupeKey" TEXT NOT NULL,
    "incidentId" UUID,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "payload" JSONB NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Alert_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "AlertDelivery" (
    "id" UUID NOT NULL,
    "alertId" UUID NOT NULL,
    "alertChannelId" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "lastAttemptAt" TIMESTAMPTZ(3),
    "deliveredAt" TIMESTAMPTZ(3),
    "result" TEXT,

    CONSTRAINT "AlertDelivery_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "StateChange_objectId_id_idx" ON "StateChange"("objectId", "id" DESC);

-- CreateIndex
CREATE INDEX "StateChange_cloudProviderId_id_idx" ON "StateChange"("cloudProviderId", "id" DESC);

-- CreateIndex
CREATE INDEX "StateChange_at_idx" ON "StateChange"("at");

-- CreateIndex
CREATE INDEX "Incident_openedAt_idx" ON "Incident"("openedAt");

-- CreateIndex
CREATE INDEX "Incident_cloudProviderId_idx" ON "Incident"("cloudProviderId");

-- CreateIndex
CREATE UNIQUE INDEX "AlertChannel_nameKey_key" ON "AlertChannel"("nameKey");

-- CreateIndex
CREATE UNIQUE INDEX "Alert_dedupeKey_key" ON "Alert"("dedupeKey");

-- CreateIndex
CREATE INDEX "Alert_createdAt_idx" ON "Alert"("createdAt");

-- CreateIndex
CREATE INDEX "AlertDelivery_alertChannelId_id_idx" ON "AlertDelivery"("alertChannelId", "id" DESC);

-- CreateIndex
CREATE INDEX "AlertDelivery_state_idx" ON "AlertDelivery"("state");

-- CreateIndex
CREATE UNIQUE INDEX "AlertDelivery_alertId_alertChannelId_key" ON "AlertDelivery"("alertId", "alertChannelId");

-- CreateIndex
CREATE INDEX "ClientCredential_expiresAt_idx" ON "ClientCredential"("expiresAt");

-- CreateIndex
CREATE INDEX "EmailAccount_nextTestAt_idx" ON "EmailAccount"("nextTestAt");

-- AddForeignKey
ALTER TABLE "AlertDelivery" ADD CONSTRAINT "AlertDelivery_alertId_fkey" FOREIGN KEY ("alertId") REFERENCES "Alert"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "AlertDelivery" ADD CONSTRAINT "AlertDelivery_alertChannelId_fkey" FOREIGN KEY ("alertChannelId") REFERENCES "AlertChannel"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- By hand from here on: what the schema language cannot say.

-- One open incident per cause.
CREATE UNIQUE INDEX "Incident_open_key" ON "Incident" ("cause") WHERE "resolvedAt" IS NULL;

-- What fails is rare beside what works: the keeper looks at it every few seconds.
CREATE INDEX "TokenSet_failing_idx" ON "TokenSet" (state) WHERE state <> 'connected';
CREATE INDEX "EmailAccount_test_failing_idx" ON "EmailAccount" ("testFailureId") WHERE "testFailureId" IS NOT NULL;

ALTER TABLE "Installation" ADD CONSTRAINT "Installation_single" CHECK (id = 1);
INSERT INTO "Installation" ("installationId") VALUES (gen_random_uuid());

-- Every change of a state, whoever makes it.
CREATE FUNCTION record_token_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  SELECT 'authorization', a.id, a."cloudProviderId", a.username,
    CASE TG_OP WHEN 'INSERT' THEN '' ELSE OLD.state END, NEW.state, NEW."failureId"
  FROM "Authorization" a WHERE a.id = NEW."authorizationId";
  RETURN NULL;
END;
$$;
CREATE TRIGGER "TokenSet_state_new" AFTER INSERT ON "TokenSet" FOR EACH ROW EXECUTE FUNCTION record_token_state();
CREATE TRIGGER "TokenSet_state" AFTER UPDATE OF state ON "TokenSet" FOR EACH ROW
  WHEN (OLD.state IS DISTINCT FROM NEW.state) EXECUTE FUNCTION record_token_state();

CREATE FUNCTION provider_state(failure text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN failure IS NULL THEN 'working' ELSE 'fix_registration' END
$$;
CREATE FUNCTION record_provider_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  VALUES ('cloud_provider', NEW.id, NEW.id, NEW.name, provider_state(OLD."failureId"), provider_state(NEW."failureId"), NEW."failureId");
  RETURN NULL;
END;
$$;
CREATE TRIGGER "CloudProvider_state" AFTER UPDATE OF "failureId" ON "CloudProvider" FOR EACH ROW
  WHEN ((OLD."failureId" IS NULL) <> (NEW."failureId" IS NULL)) EXECUTE FUNCTION record_provider_state();

CREATE FUNCTION account_state(active boolean, failure text) RETURNS text LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE WHEN NOT active THEN 'inactive' WHEN failure IS NOT NULL THEN 'test_failed' ELSE 'active' END
$$;
CREATE FUNCTION record_account_state() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "StateChange" ("objectKind", "objectId", "cloudProviderId", subject, "fromState", "toState", "failureId")
  VALUES ('email_account', NEW.id, NEW."cloudProviderId", NEW.name,
    account_state(OLD.active, OLD."testFailureId"), account_state(NEW.active, NEW."testFailureId"), NEW."testFailureId");
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_state" AFTER UPDATE OF active, "testFailureId" ON "EmailAccount" FOR EACH ROW
  WHEN (account_state(OLD.active, OLD."testFailureId") <> account_state(NEW.active, NEW."testFailureId"))
  EXECUTE FUNCTION record_account_state();
