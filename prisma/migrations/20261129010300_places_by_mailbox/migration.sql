-- Accounts that open one mailbox share its connections and its pace: they are counted under the first of these
-- accounts. Which one that is, is asked with each login. The tables stay as they are, so that a gateway of the version
-- before counts along until it is restarted.

-- Which mailbox an account opens, and who serves it: of equal ones two accounts open the same. A number, because an
-- index has no room for long names. Where several people open a mailbox, its name is the address (as
-- lib/sign-ins/identities.ts says; a test compares).
CREATE FUNCTION postkey_mailbox(
  service text, modern boolean, username text, email text, mailbox text, hosts jsonb)
RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(
  CASE service WHEN 'custom' THEN coalesce(lower(hosts->'smtp'->>'host'), '') ELSE service END || ' ' ||
  CASE WHEN NOT modern THEN username
    ELSE lower(coalesce(mailbox, CASE WHEN service = 'outlook365' THEN email ELSE username END)) END, 0);

CREATE INDEX "EmailAccount_mailbox_idx" ON "EmailAccount"
  (postkey_mailbox(service, "modernAuthentication", "usernameKey", "emailKey", mailbox, hosts), "createdAt", id);
