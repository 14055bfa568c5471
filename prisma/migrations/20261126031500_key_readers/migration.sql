-- CreateTable
CREATE TABLE "KeyReader" (
    "readerId" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "pid" INTEGER NOT NULL,
    "startedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "beatAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "sealsWith" TEXT NOT NULL,
    "opens" TEXT[],

    CONSTRAINT "KeyReader_pkey" PRIMARY KEY ("readerId")
);
