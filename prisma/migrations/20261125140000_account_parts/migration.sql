-- Parts of the accounts that are asked for again and again: those whose inbox is followed, every second,
-- and those that still use a password.
CREATE INDEX "EmailAccount_captured_idx" ON "EmailAccount" (id) WHERE active AND "contactListId" IS NOT NULL;
CREATE INDEX "EmailAccount_password_idx" ON "EmailAccount" ("nameKey", id) WHERE NOT "modernAuthentication";
