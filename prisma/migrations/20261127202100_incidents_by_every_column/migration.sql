-- The order of the list of incidents. The open ones come first and of those the widest, then those that recover, and
-- those that are over, the last first: below 10 million open, below 20 million recovering, above 100 million over.
CREATE FUNCTION incident_rank(opened timestamptz, quiet timestamptz, resolved timestamptz, accounts integer)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN resolved IS NOT NULL
      THEN 200000000 - (extract(epoch FROM opened AT TIME ZONE 'UTC') / 60)::int
    ELSE CASE WHEN quiet IS NULL THEN 0 ELSE 10000000 END + 9999999 - least(accounts, 9999999) END
$$;

CREATE INDEX "Incident_rank_idx" ON "Incident" (incident_rank("openedAt", "quietSince", "resolvedAt", accounts), id);
CREATE INDEX "Incident_accounts_id_idx" ON "Incident" ("accounts", "id");
DROP INDEX "Incident_openedAt_idx";
CREATE INDEX "Incident_openedAt_id_idx" ON "Incident" ("openedAt", "id");
