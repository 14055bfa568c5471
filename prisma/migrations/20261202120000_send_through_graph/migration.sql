-- How an account's mail is sent.
ALTER TABLE "EmailAccount" ADD COLUMN "sendsBy" TEXT NOT NULL DEFAULT 'smtp';

-- Tokens for Microsoft Graph, of the sign-ins that are there.
CREATE TABLE "GraphToken" (
    "authorizationId" UUID NOT NULL,
    "accessTokenSealed" TEXT,
    "accessTokenExpiresAt" TIMESTAMPTZ(3),
    "scopes" TEXT[] DEFAULT ARRAY[]::TEXT[],
    "failureId" TEXT,
    "failureState" TEXT,
    "restsUntil" TIMESTAMPTZ(3),

    CONSTRAINT "GraphToken_pkey" PRIMARY KEY ("authorizationId")
);
ALTER TABLE "GraphToken" ADD CONSTRAINT "GraphToken_authorizationId_fkey" FOREIGN KEY ("authorizationId") REFERENCES "Authorization"("id") ON DELETE CASCADE ON UPDATE CASCADE;
