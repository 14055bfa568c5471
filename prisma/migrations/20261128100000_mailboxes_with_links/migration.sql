-- Mailboxes in which links may lie that open Postkey: devices only send with them. Those of the channel for as long
-- as it is chosen (NULL), and then until the last link has expired.
CREATE TABLE "MailboxWithLinks" (
  "key" TEXT PRIMARY KEY,
  "until" TIMESTAMPTZ(3)
);

CREATE FUNCTION mailboxes_with_links() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  IF TG_OP <> 'INSERT' THEN
    IF OLD."sendsLinks" THEN
      UPDATE "MailboxWithLinks" SET until = now() + interval '80 hours' WHERE until IS NULL;
    END IF;
  END IF;
  IF TG_OP <> 'DELETE' THEN
    IF NEW."sendsLinks" THEN
      -- Locked against an edit of the account: it comes before and is seen, or after and stops the channel.
      PERFORM 1 FROM "EmailAccount" e WHERE NEW.kind = 'email_account'
        AND e.id = (NEW.target->>'emailAccountId')::uuid FOR SHARE;
      INSERT INTO "MailboxWithLinks" (key, until)
        SELECT DISTINCT name, NULL::timestamptz FROM (
          SELECT unnest(ARRAY[e."emailKey", e."usernameKey", lower(e.mailbox)]) AS name FROM "EmailAccount" e
            WHERE NEW.kind = 'email_account' AND e.id = (NEW.target->>'emailAccountId')::uuid
          UNION ALL
          SELECT lower(unnest(ARRAY[NEW.target->>'user', NEW.target->>'from'])) WHERE NEW.kind = 'smtp') names
        WHERE name <> ''
      ON CONFLICT (key) DO UPDATE SET until = NULL;
    END IF;
  END IF;
  RETURN NULL;
END;
$$;
CREATE TRIGGER "AlertChannel_mailboxes" AFTER INSERT OR DELETE OR UPDATE OF kind, target, "sendsLinks"
  ON "AlertChannel" FOR EACH ROW EXECUTE FUNCTION mailboxes_with_links();

-- What a provider says decides where its accounts send, as well as they do (stop_links_of_account). Not a password:
-- for the same name at the same server there is none that leads elsewhere.
CREATE FUNCTION stop_links_of_provider() RETURNS trigger LANGUAGE plpgsql SET enable_seqscan = off AS $$
BEGIN
  UPDATE "AlertChannel" SET "sendsLinks" = false, "linksStoppedAt" = now(), version = version + 1
    WHERE "sendsLinks" AND kind = 'email_account' AND EXISTS (SELECT 1 FROM "EmailAccount" e
      WHERE e.id = (target->>'emailAccountId')::uuid AND e."cloudProviderId" = NEW.id);
  RETURN NULL;
END;
$$;
CREATE TRIGGER "CloudProvider_stops_links" AFTER UPDATE OF service, cloud, hosts, "clientId", "tenantId"
  ON "CloudProvider" FOR EACH ROW
  WHEN ((OLD.service, OLD.cloud, OLD.hosts, OLD."clientId", OLD."tenantId")
    IS DISTINCT FROM (NEW.service, NEW.cloud, NEW.hosts, NEW."clientId", NEW."tenantId"))
  EXECUTE FUNCTION stop_links_of_provider();

-- By every name that opens the mailbox of an account: another account may open the same one.
CREATE FUNCTION holds_links(e "EmailAccount") RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT EXISTS (SELECT 1 FROM "MailboxWithLinks" m
    WHERE m.key IN (e."emailKey", e."usernameKey", lower(e.mailbox))
      AND (m.until IS NULL OR postkey_holds(m.until, interval '80 hours')))
$$;

UPDATE "AlertChannel" SET "sendsLinks" = true WHERE "sendsLinks";
