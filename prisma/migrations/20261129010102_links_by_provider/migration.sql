-- Links are sorted by their provider, one provider after the other.
CREATE INDEX "SignInLink_provider_idx" ON "SignInLink" ("cloudProviderId", id);
