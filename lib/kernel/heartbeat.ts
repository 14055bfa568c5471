import { MINUTE_MS, SECOND_MS } from "./clock";

/**
 * A process that beats is dead when six beats are missing, by the database's clock. Of keepers, pages, health, metrics
 * and the sharing out of inboxes ask this, and of every process a rotation of the key. What a dead one held is freed
 * by its leases (lease.ts), which are often shorter; whether a gateway is shown as running is told by its lease as
 * well (lib/access/devices/gateways/queries.ts).
 */
export const BEAT_EVERY_MS = 5 * SECOND_MS;
export const DEAD_AFTER_MS = 6 * BEAT_EVERY_MS;
/** Of those that have been silent so long, nothing is kept. */
const FORGOTTEN_AFTER_MS = 10 * MINUTE_MS;

/** SQL: whether the process that last beat then lives. @param beatAt a column of times */
export function isAlive(beatAt: string): string {
  return `(${beatAt} > ${ago(DEAD_AFTER_MS)} AND NOT ${liesAhead(beatAt)})`;
}

/** SQL: whether its row may be forgotten. */
export function isForgotten(beatAt: string): string {
  return `(${beatAt} < ${ago(FORGOTTEN_AFTER_MS)} OR ${liesAhead(beatAt)})`;
}

/** SQL: of a beat that has not come yet nothing is known: a clock wrote it that ran ahead. */
export function liesAhead(beatAt: string): string {
  return `postkey_is_ahead(${beatAt})`;
}

function ago(durationMs: number): string {
  return `now() - interval '${durationMs / SECOND_MS} s'`;
}
