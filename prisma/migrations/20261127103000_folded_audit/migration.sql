-- What the trail shows as one line: the uses of a key by operation, outcome and hour, and the objects that
-- one act changed together. Null for an event that stands alone. The rows stay as they are.
CREATE FUNCTION audit_fold(action text, actor text, at timestamptz, detail jsonb) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN action = 'api_key.use' THEN 'use ' || actor || ' ' || coalesce(detail ->> 'operation', '')
      || CASE WHEN detail ->> 'status' >= '400' THEN ' refused ' ELSE ' ' END
      || floor(extract(epoch FROM at AT TIME ZONE 'UTC') / 3600)::text
    ELSE detail ->> 'act'
  END
$$;

CREATE INDEX "AuditEvent_fold_idx" ON "AuditEvent" (audit_fold(action, "actorId", at, detail), id)
  WHERE audit_fold(action, "actorId", at, detail) IS NOT NULL;
