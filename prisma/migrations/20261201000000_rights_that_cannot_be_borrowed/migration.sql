-- 1. What a transaction wrote that needs more than its permission. The audit trail reads it last in the transaction of
-- a person or a program, and refuses (lib/audit/written.ts): so no operation can forget to ask.
CREATE FUNCTION postkey_wrote(what text, name text) RETURNS void LANGUAGE sql AS $$
  SELECT set_config('postkey.wrote', (coalesce(nullif(current_setting('postkey.wrote', true), ''), '{}')::jsonb
    || jsonb_build_object(what, name))::text, true)
$$;

-- Gives access to a mailbox, or destroys a credential or a sign-in.
CREATE FUNCTION postkey_needs_proof() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM postkey_wrote('proof', TG_TABLE_NAME);
  RETURN NULL;
END;
$$;

CREATE TRIGGER "ApiKey_needs_proof" AFTER INSERT OR UPDATE OF permissions, "accountIds", "accountKeyPrefix", addresses
  ON "ApiKey" FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "Device_needs_proof" AFTER INSERT ON "Device" FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "Device_edit_needs_proof"
  AFTER UPDATE OF "emailAccountId", "passwordHash", protocols, senders, networks, "expiresAt", paused ON "Device" FOR EACH ROW
  WHEN ((OLD."emailAccountId", OLD."passwordHash", OLD.protocols, OLD.senders, OLD.networks, OLD."expiresAt", OLD.paused AND NOT NEW.paused)
    IS DISTINCT FROM (NEW."emailAccountId", NEW."passwordHash", NEW.protocols, NEW.senders, NEW.networks, NEW."expiresAt", false))
  EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "CloudProvider_needs_proof" AFTER DELETE ON "CloudProvider"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "ClientCredential_needs_proof" AFTER UPDATE OF "supersededAt" ON "ClientCredential" FOR EACH ROW
  WHEN (OLD."supersededAt" IS NULL AND NEW."supersededAt" IS NOT NULL) EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "PendingCertificate_needs_proof" AFTER DELETE OR UPDATE OF "privateKeySealed" ON "PendingCertificate"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "Authorization_needs_proof" AFTER DELETE ON "Authorization"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "EmailAccount_needs_proof" AFTER DELETE ON "EmailAccount"
  FOR EACH ROW EXECUTE FUNCTION postkey_needs_proof();
CREATE TRIGGER "EmailAccount_edit_needs_proof" AFTER UPDATE OF "passwordSealed", active ON "EmailAccount" FOR EACH ROW
  WHEN (NEW.active AND NOT OLD.active OR OLD."passwordSealed" IS NOT NULL AND OLD."passwordSealed" IS DISTINCT FROM NEW."passwordSealed")
  EXECUTE FUNCTION postkey_needs_proof();

-- Whether a row opens another mailbox than before, or the same one as someone else. Without a mailbox of its own it may
-- be the address that is opened.
CREATE FUNCTION opens_another(o "EmailAccount", n "EmailAccount") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT o."usernameKey" <> n."usernameKey" OR o.mailbox IS DISTINCT FROM n.mailbox
    OR o."cloudProviderId" <> n."cloudProviderId"
    OR n."modernAuthentication" AND n.mailbox IS NULL AND o."emailKey" <> n."emailKey"
$$;

-- Keys for some accounts, and devices, whose reach grows by it. A new account has no device yet.
CREATE FUNCTION postkey_reach() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  is_another boolean := true;
  before text := NULL;
  holder text;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    is_another := opens_another(OLD, NEW);
    before := OLD."keyKey";
    IF is_another THEN
      PERFORM postkey_wrote('proof', TG_TABLE_NAME);
      SELECT name INTO holder FROM "Device" WHERE "emailAccountId" = NEW.id AND "revokedAt" IS NULL LIMIT 1;
      IF FOUND THEN PERFORM postkey_wrote('device', holder); END IF;
    END IF;
  END IF;
  SELECT name INTO holder FROM "ApiKey" k WHERE k."revokedAt" IS NULL AND (k."expiresAt" IS NULL OR k."expiresAt" > now())
    AND (NEW.id = ANY (k."accountIds") AND is_another OR k."accountKeyPrefix" IS NOT NULL
      AND starts_with(NEW."keyKey", k."accountKeyPrefix")
      AND (is_another OR NOT starts_with(before, k."accountKeyPrefix"))) LIMIT 1;
  IF FOUND THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
    PERFORM postkey_wrote('key', holder);
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_reach"
  AFTER INSERT OR UPDATE OF "usernameKey", mailbox, "cloudProviderId", "emailKey", "keyKey"
  ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION postkey_reach();

-- 2. Links that open Postkey are kept from who reads their mailbox. Names that ever stood in one row are names of one
-- mailbox: a row that is renamed, and another that opens the same, hold what was mailed to any of them.
CREATE TABLE "MailboxName" (
  name TEXT NOT NULL,
  other TEXT NOT NULL,
  PRIMARY KEY (name, other)
);

-- As a hash: an address that is erased stays in no row, and is held all the same. A login name without a domain may be
-- that name at any of them.
CREATE FUNCTION name_hash(name text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT encode(sha256(convert_to(CASE WHEN name LIKE '%@%' THEN mailbox_of(name)
    ELSE regexp_replace(name, '^.*\\', '') END, 'UTF8')), 'hex')
$$;

CREATE FUNCTION is_mailbox_of(address text, hashes text[]) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[name_hash(address), name_hash(split_part(mailbox_of(address), '@', 1))] && hashes
$$;

CREATE FUNCTION own_names(e "EmailAccount") RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[name_hash(e."emailKey"), name_hash(e."usernameKey"), name_hash(lower(coalesce(e.mailbox, e."emailKey")))]
$$;

CREATE FUNCTION names_of(e "EmailAccount") RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT own_names(e) || ARRAY(SELECT other FROM "MailboxName" WHERE name = ANY (own_names(e)))
$$;

CREATE FUNCTION record_mailbox_names() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  names text[] := own_names(NEW);
BEGIN
  IF TG_OP = 'UPDATE' THEN names := names || names_of(OLD); END IF;
  INSERT INTO "MailboxName" SELECT DISTINCT a, b FROM unnest(names) AS a, unnest(names) AS b WHERE a <> b
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_names" AFTER UPDATE OF "emailKey", "usernameKey", mailbox ON "EmailAccount" FOR EACH ROW
  WHEN ((OLD."emailKey", OLD."usernameKey", OLD.mailbox) IS DISTINCT FROM (NEW."emailKey", NEW."usernameKey", NEW.mailbox))
  EXECUTE FUNCTION record_mailbox_names();
CREATE TRIGGER "EmailAccount_first_names" AFTER INSERT ON "EmailAccount" FOR EACH ROW
  WHEN (NEW."emailKey" <> NEW."usernameKey" OR NEW.mailbox IS NOT NULL) EXECUTE FUNCTION record_mailbox_names();
INSERT INTO "MailboxName" SELECT DISTINCT a, b
  FROM "EmailAccount" e, unnest(own_names(e)) AS a, unnest(own_names(e)) AS b WHERE a <> b;

CREATE OR REPLACE FUNCTION holds_links(e "EmailAccount") RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM "MailboxWithLinks" m
    WHERE (m.until IS NULL OR postkey_holds(m.until, interval '80 hours')) AND is_mailbox_of(m.key, names_of(e)))
$$;
DROP INDEX "MailboxWithLinks_mailbox_idx";
