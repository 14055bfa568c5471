-- A clock that ran ahead and was set right leaves times behind that are not reached for hours. Whatever
-- holds for a time (a lease, a pause, a block, a code) asks the first function, and whatever says when
-- something happened (a heartbeat, a renewal) the second one.
-- Fifteen seconds are the longest that a transaction may have begun before the one that wrote.

-- Whether something holds until then. What lies further ahead than it may ever last was written by a
-- clock that ran ahead, and is void.
CREATE FUNCTION postkey_holds(until timestamptz, longest interval) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(until > now() AND until <= now() + longest + interval '15 seconds', FALSE);

-- Whether what is said to have happened then lies ahead: it was written by a clock that ran ahead.
CREATE FUNCTION postkey_is_ahead(written timestamptz) RETURNS boolean
LANGUAGE sql STABLE PARALLEL SAFE
RETURN coalesce(written > now() + interval '15 seconds', FALSE);
