-- CreateTable
CREATE TABLE "PendingCertificate" (
    "cloudProviderId" UUID NOT NULL,
    "certificate" TEXT NOT NULL,
    "privateKeySealed" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "createdByName" TEXT NOT NULL,

    CONSTRAINT "PendingCertificate_pkey" PRIMARY KEY ("cloudProviderId")
);

-- AddForeignKey
ALTER TABLE "PendingCertificate" ADD CONSTRAINT "PendingCertificate_cloudProviderId_fkey" FOREIGN KEY ("cloudProviderId") REFERENCES "CloudProvider"("id") ON DELETE CASCADE ON UPDATE CASCADE;
