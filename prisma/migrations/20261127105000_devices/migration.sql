-- AlterTable
ALTER TABLE "Installation" ADD COLUMN     "deviceAuthority" TEXT,
ADD COLUMN     "deviceAuthorityKeySealed" TEXT;

-- CreateTable
CREATE TABLE "Device" (
    "id" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "nameKey" TEXT NOT NULL,
    "emailAccountId" UUID NOT NULL,
    "prefix" TEXT NOT NULL,
    "passwordHash" TEXT NOT NULL,
    "passwordVersion" INTEGER NOT NULL DEFAULT 1,
    "protocols" TEXT[],
    "senders" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "networks" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "messagesPerMinute" INTEGER,
    "expiresAt" TIMESTAMPTZ(3),
    "paused" BOOLEAN NOT NULL DEFAULT false,
    "revokedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,
    "lastUsedAt" TIMESTAMPTZ(3),
    "lastAddress" TEXT,
    "lastClient" TEXT,
    "lastTlsVersion" TEXT,
    "messages" BIGINT NOT NULL DEFAULT 0,
    "bytes" BIGINT NOT NULL DEFAULT 0,

    CONSTRAINT "Device_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "DeviceAttempt" (
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "deviceId" UUID,
    "protocol" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "client" TEXT,
    "tlsVersion" TEXT,
    "outcome" TEXT NOT NULL,
    "remedyId" TEXT,

    CONSTRAINT "DeviceAttempt_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "Device_prefix_key" ON "Device"("prefix");

-- CreateIndex
CREATE INDEX "Device_createdAt_id_idx" ON "Device"("createdAt", "id");

-- CreateIndex
CREATE INDEX "Device_emailAccountId_createdAt_id_idx" ON "Device"("emailAccountId", "createdAt", "id");

-- CreateIndex
CREATE INDEX "DeviceAttempt_deviceId_id_idx" ON "DeviceAttempt"("deviceId", "id");

-- AddForeignKey
ALTER TABLE "Device" ADD CONSTRAINT "Device_emailAccountId_fkey" FOREIGN KEY ("emailAccountId") REFERENCES "EmailAccount"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "DeviceAttempt" ADD CONSTRAINT "DeviceAttempt_deviceId_fkey" FOREIGN KEY ("deviceId") REFERENCES "Device"("id") ON DELETE CASCADE ON UPDATE CASCADE;


