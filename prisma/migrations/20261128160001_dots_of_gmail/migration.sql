-- Gmail reads the dots of a name as nothing, and has two names for its domain (support.google.com/mail/answer/7436150).
CREATE OR REPLACE FUNCTION mailbox_of(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN CASE WHEN address ~ '@(gmail|googlemail)\.com$'
  THEN replace(regexp_replace(split_part(address, '@', 1), '\+.*', ''), '.', '') || '@gmail.com'
  ELSE regexp_replace(address, '\+[^@]*@', '@') END;
REINDEX INDEX "MailboxWithLinks_mailbox_idx";
