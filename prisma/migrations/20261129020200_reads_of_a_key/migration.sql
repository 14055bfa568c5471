-- What a key read within an hour is one line of the trail, whatever operations it read with: a program that shows
-- accounts and contacts is one fact, and not a line for each kind of thing. A token that is handed out is no
-- reading, and what was refused is told by operation, as before (migration folded_audit). Null for all of these.
CREATE FUNCTION audit_reads(action text, actor text, at timestamptz, detail jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE WHEN action = 'api_key.use' AND detail ->> 'status' < '400'
    AND detail ->> 'operation' ~ '^(get|list|export)' AND detail ->> 'operation' <> 'getAccessToken'
    THEN 'read ' || actor || ' ' || floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 3600)::text END
$$;

CREATE INDEX "AuditEvent_reads_idx" ON "AuditEvent" (audit_reads(action, "actorId", at, detail), id)
  WHERE audit_reads(action, "actorId", at, detail) IS NOT NULL;
