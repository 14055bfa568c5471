import "server-only";
import { ADVISORY_LOCKS } from "./advisory-locks";

const LOCK = ADVISORY_LOCKS.commitOrder;

/**
 * Holds back every other transaction that asks for it until this one ends: numbers assigned after it follow
 * the order of the commits. A reader that has read up to a number has then missed nothing before it. It is
 * taken late in a transaction, after the rows that the transaction changes.
 */
export const TAKE_COMMIT_ORDER = `SELECT pg_advisory_xact_lock(${LOCK})::text`;
