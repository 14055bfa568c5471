import { DAY_MS, ENDS_SOON_DAYS, wallTime } from "./clock";

/** SQL: whether what ends then goes on. @param end a column of times; null where it has no end */
export function goesOn(end: string): string {
  return `coalesce(${end} > now(), TRUE)`;
}

/** SQL: whether it ends soon: by the last moment of those days, and not before now. */
export function endsSoon(end: string): string {
  return `(${end} > now() AND ${end} <= now() + interval '${ENDS_SOON_DAYS} days')`;
}

/** Whether what ends then is over. */
export function ended(end: Date | null): boolean {
  return end !== null && end.getTime() <= wallTime().getTime();
}

/** `endsSoon` outside SQL. */
export function endsSoonAt(end: Date | null): boolean {
  return (
    end !== null && !ended(end) && end.getTime() <= wallTime().getTime() + ENDS_SOON_DAYS * DAY_MS
  );
}
