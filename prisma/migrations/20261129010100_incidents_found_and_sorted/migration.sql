-- Incidents are searched by what they are about and by the accounts that they name. array_to_string is only stable,
-- because of what elements of other kinds may look like.
CREATE FUNCTION incident_searched(subject text, names text[])
RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT lower(subject || ' ' || array_to_string(names, ' '))
$$;
CREATE INDEX "Incident_search_idx" ON "Incident" USING gin (incident_searched(subject, "accountNames") gin_trgm_ops);

-- What happened is a text of the error catalogue: the incidents of each text are found by this.
CREATE INDEX "Incident_remedy_idx" ON "Incident" ("remedyId", (kind = 'rotation'), id);

-- How long it lasted, in seconds; what goes on comes after all that is over.
CREATE FUNCTION incident_seconds(opened timestamptz, first_opened timestamptz, quiet timestamptz, resolved timestamptz)
RETURNS integer LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(greatest(0, least(999999998,
    extract(epoch FROM coalesce(quiet, resolved) - coalesce(first_opened, opened)))), 999999999)::int
$$;
CREATE INDEX "Incident_seconds_idx" ON "Incident"
  (incident_seconds("openedAt", "firstOpenedAt", "quietSince", "resolvedAt"), id);
