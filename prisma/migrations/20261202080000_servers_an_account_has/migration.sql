-- An account names the servers that it has: the first of them tells who serves it, and which mailbox it opens.
-- Where all three are named, as before, both stay what they were.
DROP INDEX "EmailAccount_mailbox_idx";
ALTER FUNCTION postkey_mailbox(text, boolean, text, text, text, jsonb) RENAME TO postkey_mailbox_by_smtp;
CREATE FUNCTION postkey_mailbox(
  service text, modern boolean, username text, email text, mailbox text, hosts jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN postkey_mailbox_by_smtp(service, modern, username, email, mailbox, jsonb_set('{}', '{smtp}',
  coalesce(nullif(hosts->'smtp', 'null'), nullif(hosts->'imap', 'null'), hosts->'pop3')));
CREATE INDEX "EmailAccount_mailbox_idx" ON "EmailAccount"
  (postkey_mailbox(service, "modernAuthentication", "usernameKey", "emailKey", mailbox, hosts), "createdAt", id);

DROP INDEX "EmailAccount_custom_host_idx";
CREATE INDEX "EmailAccount_custom_host_idx" ON "EmailAccount"
  ((coalesce(hosts->'imap'->>'host', hosts->'pop3'->>'host', hosts->'smtp'->>'host')), "nameKey", id)
  WHERE service = 'custom' AND "cloudProviderId" IS NULL;
