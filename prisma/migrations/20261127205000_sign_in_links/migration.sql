-- A one-time link with which the owner of a mailbox signs it in. One for each person of a provider: a new one
-- has a new id, so that what was begun with the last one ends nowhere.
CREATE TABLE "SignInLink" (
  "id" UUID PRIMARY KEY,
  "cloudProviderId" UUID NOT NULL REFERENCES "CloudProvider" (id) ON DELETE CASCADE ON UPDATE CASCADE,
  "username" TEXT NOT NULL,
  "usernameKey" TEXT NOT NULL,
  "tokenHash" TEXT NOT NULL UNIQUE,
  "createdByName" TEXT NOT NULL,
  "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
  "expiresAt" TIMESTAMPTZ(3) NOT NULL,
  "openedAt" TIMESTAMPTZ(3),
  "signedInAt" TIMESTAMPTZ(3),
  "failureId" TEXT,
  "failedAt" TIMESTAMPTZ(3),
  UNIQUE ("cloudProviderId", "usernameKey")
);
CREATE INDEX "SignInLink_createdAt_id_idx" ON "SignInLink" ("createdAt", id);
CREATE INDEX "SignInLink_usernameKey_id_idx" ON "SignInLink" ("usernameKey", id);
CREATE INDEX "SignInLink_search_idx" ON "SignInLink" USING gin (lower("usernameKey") gin_trgm_ops);

-- No foreign key: an answer for a link that was replaced or revoked meanwhile has to be told so.
ALTER TABLE "AuthorizationRequest" ADD COLUMN "signInLinkId" UUID;
