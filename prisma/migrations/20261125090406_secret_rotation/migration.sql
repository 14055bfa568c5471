-- AlterTable
ALTER TABLE "ClientCredential" ADD COLUMN     "removedAt" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "SecretRotation" (
    "cloudProviderId" UUID NOT NULL,
    "leaseUntil" TIMESTAMPTZ(3),
    "fence" INTEGER NOT NULL DEFAULT 1,
    "failures" INTEGER NOT NULL DEFAULT 0,
    "displayName" TEXT,
    "credentialVersion" INTEGER,
    "secretSealed" TEXT,
    "keyId" TEXT,
    "expiresAt" TIMESTAMPTZ(3),
    "madeAt" TIMESTAMPTZ(3),

    CONSTRAINT "SecretRotation_pkey" PRIMARY KEY ("cloudProviderId")
);

-- AddForeignKey
ALTER TABLE "SecretRotation" ADD CONSTRAINT "SecretRotation_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
