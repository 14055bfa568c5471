-- Protocols in one text, as a list shows them; what an array becomes is only stable, because of elements of other kinds.
CREATE FUNCTION device_protocols(protocols text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT array_to_string(protocols, ', ')
$$;
CREATE INDEX "Device_protocols_idx" ON "Device" (device_protocols(protocols), id) WHERE "revokedAt" IS NULL;
CREATE INDEX "Device_revoked_protocols_idx" ON "Device" (device_protocols(protocols), id) WHERE "revokedAt" IS NOT NULL;

-- The state depends on the clock and on the account: the devices of each state are found by what is out of the
-- ordinary with them. Revoked ones are all in one state, and are sorted by when that was.
CREATE INDEX "Device_revoked_at_idx" ON "Device" ("revokedAt", id) WHERE "revokedAt" IS NOT NULL;
