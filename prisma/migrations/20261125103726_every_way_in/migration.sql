-- AlterTable
ALTER TABLE "AuthorizationRequest" ADD COLUMN     "deviceCodeSealed" TEXT,
ADD COLUMN     "kind" TEXT NOT NULL DEFAULT 'sign_in',
ADD COLUMN     "userCode" TEXT,
ADD COLUMN     "verificationUri" TEXT;

-- AlterTable
ALTER TABLE "ClientCredential" ADD COLUMN     "certificate" TEXT,
ADD COLUMN     "source" JSONB,
ALTER COLUMN "expiresAt" DROP NOT NULL;

-- AlterTable
ALTER TABLE "CloudProvider" ADD COLUMN     "grant" TEXT NOT NULL DEFAULT 'delegated',
ADD COLUMN     "hosts" JSONB,
ALTER COLUMN "clientId" SET DATA TYPE TEXT,
ALTER COLUMN "tenantId" SET DATA TYPE TEXT;

-- AlterTable
ALTER TABLE "EmailAccount" ADD COLUMN     "mailbox" TEXT,
ADD COLUMN     "smtpUser" TEXT;

-- CreateTable
CREATE TABLE "TestRun" (
    "id" UUID NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedByName" TEXT NOT NULL,
    "total" INTEGER NOT NULL,
    "parallelism" INTEGER NOT NULL,
    "cancelledAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "TestRun_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "TestRunItem" (
    "testRunId" UUID NOT NULL,
    "emailAccountId" UUID NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'pending',
    "leaseUntil" TIMESTAMPTZ(3),
    "connectionTestId" UUID,
    "failureId" TEXT,
    "durationMs" INTEGER,

    CONSTRAINT "TestRunItem_pkey" PRIMARY KEY ("testRunId","emailAccountId")
);

-- CreateIndex
CREATE INDEX "TestRun_createdAt_idx" ON "TestRun"("createdAt");

-- CreateIndex
CREATE INDEX "TestRunItem_testRunId_state_idx" ON "TestRunItem"("testRunId", "state");

-- CreateIndex
CREATE INDEX "TestRunItem_emailAccountId_idx" ON "TestRunItem"("emailAccountId");

-- AddForeignKey
ALTER TABLE "TestRunItem" ADD CONSTRAINT "TestRunItem_testRunId_fkey" FOREIGN KEY ("testRunId") REFERENCES "TestRun"("id") ON DELETE CASCADE ON UPDATE CASCADE;
