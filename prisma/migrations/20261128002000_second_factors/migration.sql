-- What a person has beside the password: an authenticator app with its recovery codes, and passkeys.
ALTER TABLE "Administrator" ADD COLUMN "userHandle" TEXT;
CREATE UNIQUE INDEX "Administrator_userHandle_key" ON "Administrator"("userHandle");

-- Whether the person of a session proved two factors.
ALTER TABLE "Session" ADD COLUMN "twoFactors" BOOLEAN NOT NULL DEFAULT false;

-- The roles that have to.
ALTER TABLE "Installation" ADD COLUMN "secondFactorRoles" TEXT[] NOT NULL DEFAULT ARRAY[]::TEXT[];

CREATE TABLE "Authenticator" (
    "administratorId" UUID NOT NULL,
    "secretSealed" TEXT NOT NULL,
    "confirmedAt" TIMESTAMPTZ(3),
    "lastStep" BIGINT NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Authenticator_pkey" PRIMARY KEY ("administratorId"),
    CONSTRAINT "Authenticator_administratorId_fkey" FOREIGN KEY ("administratorId")
      REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE
);

CREATE TABLE "RecoveryCode" (
    "codeHash" TEXT NOT NULL,
    "administratorId" UUID NOT NULL,

    CONSTRAINT "RecoveryCode_pkey" PRIMARY KEY ("codeHash"),
    CONSTRAINT "RecoveryCode_administratorId_fkey" FOREIGN KEY ("administratorId")
      REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "RecoveryCode_administratorId_idx" ON "RecoveryCode"("administratorId");

CREATE TABLE "PendingSignIn" (
    "tokenHash" TEXT NOT NULL,
    "administratorId" UUID NOT NULL,
    "triesLeft" INTEGER NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PendingSignIn_pkey" PRIMARY KEY ("tokenHash"),
    CONSTRAINT "PendingSignIn_administratorId_fkey" FOREIGN KEY ("administratorId")
      REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "PendingSignIn_administratorId_idx" ON "PendingSignIn"("administratorId");
CREATE INDEX "PendingSignIn_expiresAt_idx" ON "PendingSignIn"("expiresAt");

CREATE TABLE "Passkey" (
    "id" UUID NOT NULL,
    "administratorId" UUID NOT NULL,
    "name" TEXT NOT NULL,
    "credentialId" TEXT NOT NULL,
    "publicKey" BYTEA NOT NULL,
    "counter" BIGINT NOT NULL,
    "transports" TEXT[] NOT NULL,
    "deviceType" TEXT NOT NULL,
    "isBackedUp" BOOLEAN NOT NULL,
    "aaguid" TEXT NOT NULL,
    "rpId" TEXT NOT NULL,
    "copiedAt" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "lastUsedAt" TIMESTAMPTZ(3),

    CONSTRAINT "Passkey_pkey" PRIMARY KEY ("id"),
    CONSTRAINT "Passkey_administratorId_fkey" FOREIGN KEY ("administratorId")
      REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE UNIQUE INDEX "Passkey_credentialId_key" ON "Passkey"("credentialId");
CREATE INDEX "Passkey_administratorId_idx" ON "Passkey"("administratorId");

CREATE TABLE "PasskeyChallenge" (
    "tokenHash" TEXT NOT NULL,
    "administratorId" UUID,
    "challenge" TEXT NOT NULL,
    "expiresAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "PasskeyChallenge_pkey" PRIMARY KEY ("tokenHash"),
    CONSTRAINT "PasskeyChallenge_administratorId_fkey" FOREIGN KEY ("administratorId")
      REFERENCES "Administrator"("id") ON DELETE CASCADE ON UPDATE CASCADE
);
CREATE INDEX "PasskeyChallenge_administratorId_idx" ON "PasskeyChallenge"("administratorId");
CREATE INDEX "PasskeyChallenge_expiresAt_idx" ON "PasskeyChallenge"("expiresAt");
