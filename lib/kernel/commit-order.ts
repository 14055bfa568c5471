import "server-only";

const LOCK = 7_283_447;

/**
 * Holds back every other transaction that asks for it until this one ends: what is numbered after it
 * has numbers in the order of the commits. Whoever read up to a number has then missed nothing before.
 * It is taken late in a transaction, after the rows that it changes.
 */
export const TAKE_COMMIT_ORDER = `SELECT pg_advisory_xact_lock(${LOCK})::text`;
