import { relativeTime } from "./relative-time-text";

/** When something comes next: behind its time it is due, not “12 seconds ago”. */
export function dueTime(at: Date, now: number): string {
  return at.getTime() - now < 10_000 ? "due now" : relativeTime(at, now);
}
