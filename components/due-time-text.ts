import { relativeTime } from "./relative-time-text";

export function dueTime(at: Date, now: number): string {
  return at.getTime() - now < 10_000 ? "due now" : relativeTime(at, now);
}
