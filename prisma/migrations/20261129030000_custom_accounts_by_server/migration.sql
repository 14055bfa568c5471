-- Custom accounts at one server, as the list of accounts is narrowed to them.
CREATE INDEX "EmailAccount_custom_host_idx" ON "EmailAccount" ((hosts->'imap'->>'host'), "nameKey", id)
  WHERE service = 'custom' AND "cloudProviderId" IS NULL;
