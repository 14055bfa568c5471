-- By which people recognise a session of theirs.
ALTER TABLE "Session" ADD COLUMN "address" TEXT, ADD COLUMN "browser" TEXT NOT NULL DEFAULT '';

-- A one-time link with which somebody who is here already chooses a new password. Not a SetupLink: an earlier
-- version would take it for an invitation.
CREATE TABLE "PasswordLink" (
  "tokenHash" TEXT PRIMARY KEY,
  "administratorId" UUID NOT NULL UNIQUE REFERENCES "Administrator" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "createdByName" TEXT NOT NULL,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expiresAt" TIMESTAMPTZ(3) NOT NULL
);
