import "server-only";
import { ADVISORY_LOCKS } from "./advisory-locks";

const LOCK = ADVISORY_LOCKS.commitOrder;

/** A reader of numbers up to one has then missed nothing. Taken late, after the row locks. */
export const TAKE_COMMIT_ORDER = `SELECT pg_advisory_xact_lock(${LOCK})::text`;
