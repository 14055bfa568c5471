-- 1. What a transaction wrote that needs more than its permission. The audit trail reads it last in the transaction of
-- a person or a program, and refuses (lib/audit/wrote.ts): so no operation can forget to ask.
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

-- Who signs in, and what is opened then. A password opens its own login; without a mailbox that is named, a token may
-- open the address.
CREATE FUNCTION postkey_opens(e "EmailAccount") RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT ARRAY[e."usernameKey", CASE WHEN e."modernAuthentication" THEN lower(coalesce(e.mailbox, e."emailKey"))
    ELSE e."usernameKey" END]
$$;

CREATE FUNCTION opens_another(o "EmailAccount", n "EmailAccount") RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
  SELECT postkey_opens(o) <> postkey_opens(n) OR coalesce(o."cloudProviderId" <> n."cloudProviderId", false)
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
  -- A new account that someone else's sign-in, or the application's, opens at once.
  ELSIF NEW."modernAuthentication" AND EXISTS (SELECT FROM "Authorization" a JOIN "CloudProvider" p ON p.id = a."cloudProviderId"
      WHERE p.id = NEW."cloudProviderId" AND a.username = CASE p."grant" WHEN 'app_only' THEN '' ELSE NEW."usernameKey" END) THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
  END IF;
  SELECT name INTO holder FROM "ApiKey" k WHERE k."revokedAt" IS NULL AND (k."expiresAt" IS NULL OR k."expiresAt" > now())
    AND (NEW.id = ANY (k."accountIds") AND is_another OR k."accountKeyPrefix" IS NOT NULL
      AND starts_with(NEW."keyKey", k."accountKeyPrefix")
      AND (is_another OR NOT starts_with(before, k."accountKeyPrefix"))) LIMIT 1;
  IF FOUND THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
    PERFORM postkey_wrote('key', holder);
    PERFORM postkey_wrote('account', NEW.name);
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_reach"
  AFTER INSERT OR UPDATE OF "usernameKey", mailbox, "cloudProviderId", "emailKey", "modernAuthentication", "keyKey"
  ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION postkey_reach();

-- How a provider's mailboxes sign in decides which of an account's names is opened.
CREATE FUNCTION postkey_reach_of_provider() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  account record;
  holder text;
BEGIN
  SELECT e.name, k.name AS key INTO account FROM "EmailAccount" e JOIN "ApiKey" k ON k."revokedAt" IS NULL
      AND (k."expiresAt" IS NULL OR k."expiresAt" > now())
      AND (e.id = ANY (k."accountIds") OR k."accountKeyPrefix" IS NOT NULL AND starts_with(e."keyKey", k."accountKeyPrefix"))
    WHERE e."cloudProviderId" = NEW.id LIMIT 1;
  IF FOUND THEN
    PERFORM postkey_wrote('proof', TG_TABLE_NAME);
    PERFORM postkey_wrote('key', account.key);
    PERFORM postkey_wrote('account', account.name);
  END IF;
  SELECT d.name INTO holder FROM "Device" d JOIN "EmailAccount" e ON e.id = d."emailAccountId"
    WHERE e."cloudProviderId" = NEW.id AND d."revokedAt" IS NULL LIMIT 1;
  IF FOUND THEN PERFORM postkey_wrote('device', holder); END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "CloudProvider_reach" AFTER UPDATE OF "grant" ON "CloudProvider" FOR EACH ROW
  WHEN (OLD."grant" <> NEW."grant") EXECUTE FUNCTION postkey_reach_of_provider();

-- 2. Links that open Postkey are kept from devices that read their mailbox, under every name that it has or had: the
-- names of the accounts that open it, the labels that such accounts had, and what an account itself was called before.
CREATE TABLE "MailboxName" (
  subject TEXT NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY (subject, name)
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

CREATE FUNCTION mailbox_opened_by(e "EmailAccount") RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT postkey_mailbox(e.service, e."modernAuthentication", e."usernameKey", e."emailKey", e.mailbox, e.hosts)
$$;

CREATE FUNCTION names_of(e "EmailAccount") RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT ARRAY[name_hash(e."emailKey"), name_hash(e."usernameKey"), name_hash(lower(e.mailbox))]
    || ARRAY(SELECT name_hash(o."emailKey") FROM "EmailAccount" o
      WHERE postkey_mailbox(o.service, o."modernAuthentication", o."usernameKey", o."emailKey", o.mailbox, o.hosts)
        = mailbox_opened_by(e))
    || ARRAY(SELECT name FROM "MailboxName" WHERE subject IN ('mailbox ' || mailbox_opened_by(e), 'account ' || e.id))
$$;

CREATE FUNCTION record_former_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO "MailboxName" SELECT * FROM (VALUES
      ('mailbox ' || mailbox_opened_by(OLD), name_hash(OLD."emailKey")),
      ('account ' || OLD.id, name_hash(OLD."emailKey")), ('account ' || OLD.id, name_hash(OLD."usernameKey")),
      ('account ' || OLD.id, name_hash(lower(OLD.mailbox)))) AS former (subject, name) WHERE name IS NOT NULL
  ON CONFLICT DO NOTHING;
  IF TG_OP = 'DELETE' THEN DELETE FROM "MailboxName" WHERE subject = 'account ' || OLD.id; END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "EmailAccount_former_names" AFTER UPDATE OF "emailKey", "usernameKey", mailbox ON "EmailAccount" FOR EACH ROW
  WHEN ((OLD."emailKey", OLD."usernameKey", OLD.mailbox) IS DISTINCT FROM (NEW."emailKey", NEW."usernameKey", NEW.mailbox))
  EXECUTE FUNCTION record_former_names();
CREATE TRIGGER "EmailAccount_last_names" AFTER DELETE ON "EmailAccount" FOR EACH ROW EXECUTE FUNCTION record_former_names();

CREATE OR REPLACE FUNCTION holds_links(e "EmailAccount") RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT EXISTS (SELECT FROM "MailboxWithLinks" m
    WHERE (m.until IS NULL OR postkey_holds(m.until, interval '80 hours')) AND is_mailbox_of(m.key, names_of(e)))
$$;
DROP INDEX "MailboxWithLinks_mailbox_idx";
