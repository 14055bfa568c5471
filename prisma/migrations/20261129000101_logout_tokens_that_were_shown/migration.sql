-- What a company said once ends nothing a second time (OpenID Connect Back-Channel Logout 1.0, section 2.6).
CREATE TABLE "ShownLogoutToken" (
  "hash" TEXT PRIMARY KEY,
  "expiresAt" TIMESTAMPTZ(3) NOT NULL
);
CREATE INDEX "ShownLogoutToken_expiresAt_idx" ON "ShownLogoutToken" ("expiresAt");
