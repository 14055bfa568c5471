-- A token that ran out while nobody could renew it works no more, although nothing was refused: the
-- platform does not answer, or no keeper runs.
CREATE FUNCTION token_state(state text, expires timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN state = 'connected' AND expires < now() THEN 'retrying' ELSE state END
$$;
