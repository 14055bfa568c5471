/** So long a request with the same Idempotency-Key gets the answer of the first one. */
export const KEPT_HOURS = 24;
