-- The mailbox behind an address: Exchange, Gmail and Postfix deliver bob+x@… to bob@….
CREATE FUNCTION mailbox_of(address text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN regexp_replace(address, '\+[^@]*@', '@');
CREATE INDEX "MailboxWithLinks_mailbox_idx" ON "MailboxWithLinks" (mailbox_of(key));

CREATE OR REPLACE FUNCTION holds_links(e "EmailAccount") RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT 1 FROM "MailboxWithLinks" m
    WHERE mailbox_of(m.key) IN (mailbox_of(e."emailKey"), mailbox_of(e."usernameKey"), mailbox_of(lower(e.mailbox)))
      AND (m.until IS NULL OR postkey_holds(m.until, interval '80 hours')))
$$;
