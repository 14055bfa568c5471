-- What stops when a secret ends is counted for each provider: from the index alone.
CREATE INDEX "EmailAccount_active_provider_idx" ON "EmailAccount" ("cloudProviderId") WHERE active;
