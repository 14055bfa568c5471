-- An attempt of a device is written with each login that is news, and by anybody who reaches the gateway: one statement
-- instead of a transaction of six.

-- A version 7 of RFC 9562, to the microsecond of the database's clock, which all gateways share: attempts stand in the
-- order in which they were written.
CREATE FUNCTION postkey_uuid7() RETURNS uuid LANGUAGE sql VOLATILE AS $$
  SELECT encode(int8send((us / 1000 << 16) | (7 << 12) | (us % 1000 * 4096 / 1000))
    || substring(uuid_send(gen_random_uuid()) FROM 9), 'hex')::uuid
  FROM (SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint) clock(us)
$$;

-- Keeps an attempt, forgets those beyond the last `kept` of its device, or of all that are of none, writes down with the
-- device what became of it, and tells the open pages. `repaired_by_hand`: an administrator has to repair it, and it
-- stands until a login of the account works. Of a device that is gone nothing is kept.
-- `commit_order`: the lock under which events are numbered, as lib/kernel/commit-order.ts has it.
CREATE FUNCTION postkey_save_attempt(
  device uuid, protocol text, address text, client text, tls_version text, outcome text, remedy text, reply text,
  repaired_by_hand boolean, kept int, commit_order bigint
) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  account uuid;
BEGIN
  IF device IS NOT NULL THEN
    UPDATE "Device" d SET
      "lastUsedAt" = CASE WHEN outcome = 'ok' THEN now() ELSE d."lastUsedAt" END,
      "lastAddress" = CASE WHEN outcome = 'ok' THEN address ELSE d."lastAddress" END,
      "lastClient" = CASE WHEN outcome = 'ok' THEN client ELSE d."lastClient" END,
      "lastTlsVersion" = CASE WHEN outcome = 'ok' THEN tls_version ELSE d."lastTlsVersion" END,
      "lastRefusedAt" = CASE WHEN outcome = 'ok' THEN d."lastRefusedAt" ELSE now() END,
      "failureId" = CASE WHEN repaired_by_hand THEN remedy ELSE d."failureId" END,
      "failureProtocol" = CASE WHEN repaired_by_hand THEN protocol ELSE d."failureProtocol" END,
      "failedAt" = CASE WHEN repaired_by_hand THEN now() ELSE d."failedAt" END
      WHERE d.id = device RETURNING d."emailAccountId" INTO account;
    IF NOT FOUND THEN
      RETURN;
    END IF;
  END IF;
  -- Where one device gets in, the account's server refuses no other one of the account.
  IF outcome = 'ok' THEN
    UPDATE "Device" d SET "failureId" = NULL, "failureProtocol" = NULL, "failedAt" = NULL
      WHERE d."emailAccountId" = account AND d."failureId" IS NOT NULL AND d."failureProtocol" = protocol;
  END IF;
  INSERT INTO "DeviceAttempt" (id, "deviceId", protocol, address, client, "tlsVersion", outcome, "remedyId", reply)
    VALUES (postkey_uuid7(), device, protocol, address, client, tls_version, outcome, remedy, reply);
  DELETE FROM "DeviceAttempt" a WHERE a."deviceId" IS NOT DISTINCT FROM device
    AND a.id <= (SELECT o.id FROM "DeviceAttempt" o WHERE o."deviceId" IS NOT DISTINCT FROM device
      ORDER BY o.id DESC OFFSET kept LIMIT 1);
  PERFORM pg_advisory_xact_lock(commit_order);
  INSERT INTO "Event" (type, payload) VALUES ('device', jsonb_build_object('id', coalesce(device::text, '')));
END $$;
