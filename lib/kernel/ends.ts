import { DAY_MS, ENDS_SOON_DAYS, wallTime } from "./clock";

/** @param end null without an end */
export function goesOn(end: string): string {
  return `coalesce(${end} > now(), TRUE)`;
}

export function endsSoon(end: string): string {
  return `(${end} > now() AND ${end} <= now() + interval '${ENDS_SOON_DAYS} days')`;
}

export function ended(end: Date | null): boolean {
  return end !== null && end.getTime() <= wallTime().getTime();
}

/** `endsSoon` outside SQL. */
export function endsSoonAt(end: Date | null): boolean {
  return (
    end !== null && !ended(end) && end.getTime() <= wallTime().getTime() + ENDS_SOON_DAYS * DAY_MS
  );
}
