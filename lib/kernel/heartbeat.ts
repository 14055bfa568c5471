import { MINUTE_MS, SECOND_MS } from "./clock";

/** Dead after six missed beats, by the database's clock. Work is freed by leases (leases.ts). */
export const BEAT_EVERY_MS = 5 * SECOND_MS;
export const DEAD_AFTER_MS = 6 * BEAT_EVERY_MS;
const FORGOTTEN_AFTER_MS = 10 * MINUTE_MS;

export function isAlive(beatAt: string): string {
  return `(${beatAt} > ${ago(DEAD_AFTER_MS)} AND NOT ${liesAhead(beatAt)})`;
}

export function isForgotten(beatAt: string): string {
  return `(${beatAt} < ${ago(FORGOTTEN_AFTER_MS)} OR ${liesAhead(beatAt)})`;
}

/** SQL: written by a clock that ran ahead. */
export function liesAhead(beatAt: string): string {
  return `postkey_is_ahead(${beatAt})`;
}

function ago(durationMs: number): string {
  return `now() - interval '${durationMs / SECOND_MS} s'`;
}

export const IS_ALIVE = isAlive(`"beatAt"`);
