import { ENDS_SOON_DAYS } from "./clock";

/** SQL: whether what ends then goes on. @param end a column of times; null where it has no end */
export function goesOn(end: string): string {
  return `coalesce(${end} > now(), TRUE)`;
}

/** SQL: whether it ends soon: by the last moment of those days, and not before now. */
export function endsSoon(end: string): string {
  return `(${end} > now() AND ${end} <= now() + interval '${ENDS_SOON_DAYS} days')`;
}
