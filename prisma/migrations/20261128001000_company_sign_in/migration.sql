-- Who signs in at a company, and what a session of theirs needs to end with it.
CREATE TABLE "CompanySignIn" (
    "id" UUID NOT NULL,
    "slug" TEXT NOT NULL,
    "preset" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "cloud" TEXT,
    "issuer" TEXT NOT NULL,
    "clientId" TEXT NOT NULL,
    "clientSecretSealed" TEXT NOT NULL,
    "pinned" TEXT[],
    "roleClaim" TEXT NOT NULL,
    "roleValues" JSONB NOT NULL,
    "defaultRole" TEXT,
    "createsPeople" BOOLEAN NOT NULL,
    "requiredAmr" TEXT,
    "sessionHours" INTEGER NOT NULL,
    "rechecks" BOOLEAN NOT NULL,
    "endsAtCompany" BOOLEAN NOT NULL,
    "enabled" BOOLEAN NOT NULL DEFAULT false,
    "version" INTEGER NOT NULL DEFAULT 1,
    "testedAt" TIMESTAMPTZ(3),
    "testReport" JSONB,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    CONSTRAINT "CompanySignIn_pkey" PRIMARY KEY ("id")
);
CREATE UNIQUE INDEX "CompanySignIn_slug_key" ON "CompanySignIn"("slug");
CREATE UNIQUE INDEX "CompanySignIn_issuer_key" ON "CompanySignIn"("issuer");

CREATE TABLE "CompanyPolicy" (
    "id" INTEGER NOT NULL,
    "only" BOOLEAN NOT NULL,
    "passwordUsedAt" TIMESTAMPTZ(3),
    "passwordUsedByName" TEXT,
    CONSTRAINT "CompanyPolicy_pkey" PRIMARY KEY ("id")
);

CREATE TABLE "AdministratorIdentity" (
    "id" UUID NOT NULL,
    "administratorId" UUID NOT NULL,
    "companySignInId" UUID NOT NULL,
    "issuer" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "tenantId" TEXT,
    "objectId" TEXT,
    "username" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastSignInAt" TIMESTAMPTZ(3),
    CONSTRAINT "AdministratorIdentity_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "AdministratorIdentity_administratorId_fkey" FOREIGN KEY ("administratorId")
      REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE,
    CONSTRAINT "AdministratorIdentity_companySignInId_fkey" FOREIGN KEY ("companySignInId")
      REFERENCES "CompanySignIn"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "AdministratorIdentity_issuer_subject_key" ON "AdministratorIdentity"("issuer", "subject");
CREATE INDEX "AdministratorIdentity_administratorId_idx" ON "AdministratorIdentity"("administratorId");
CREATE INDEX "AdministratorIdentity_companySignInId_idx" ON "AdministratorIdentity"("companySignInId");

ALTER TABLE "Administrator" ADD COLUMN "managedById" UUID,
  ADD CONSTRAINT "Administrator_managedById_fkey" FOREIGN KEY ("managedById")
    REFERENCES "CompanySignIn"("id") ON DELETE SET NULL ON UPDATE CASCADE;
CREATE INDEX "Administrator_managedById_idx" ON "Administrator"("managedById");

ALTER TABLE "Session" ADD COLUMN "identityId" UUID,
  ADD COLUMN "companySid" TEXT,
  ADD COLUMN "idTokenSealed" TEXT,
  ADD COLUMN "refreshTokenSealed" TEXT,
  ADD COLUMN "recheckAt" TIMESTAMPTZ(3),
  ADD CONSTRAINT "Session_identityId_fkey" FOREIGN KEY ("identityId")
    REFERENCES "AdministratorIdentity"("id") ON DELETE CASCADE ON UPDATE CASCADE;
CREATE INDEX "Session_identityId_idx" ON "Session"("identityId");
CREATE INDEX "Session_recheckAt_idx" ON "Session"("recheckAt");
