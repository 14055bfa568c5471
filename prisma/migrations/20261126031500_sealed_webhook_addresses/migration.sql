-- AlterTable
ALTER TABLE "AlertChannel" ADD COLUMN "addressSealed" TEXT;
