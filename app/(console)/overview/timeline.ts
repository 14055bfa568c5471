import { DAY_MS } from "@/lib/kernel/clock";
import { type Expiry, expiriesTitle } from "@/lib/watch/calendar/schema";

/** Things of one kind that end on one day. */
export type TimelineLine = { id: string; at: Date; title: string; expiries: Expiry[] };
export type TimelineWeek = { label: string; lines: TimelineLine[] };

export type Timeline = {
  weeks: TimelineWeek[];
  /** The folded part, a line for each week and kind; `count` is how many things it holds. */
  later: { weeks: TimelineWeek[]; count: number };
};

const SHOWN_LINES = 6;

/**
 * What will need a person, in a few lines: equal things on one day share a line, and distant ones are folded.
 *
 * @param expiries by time
 */
export function timelineOf(expiries: readonly Expiry[], now: Date): Timeline {
  const lines = linesBy(expiries, dayOf);
  const [shown, later] = [lines.slice(0, SHOWN_LINES), lines.slice(SHOWN_LINES)];
  const hidden = later.flatMap((line) => line.expiries);
  return {
    weeks: weeksOf(shown, now),
    later: { weeks: weeksOf(linesBy(hidden, weekOf), now), count: hidden.length },
  };
}

function linesBy(expiries: readonly Expiry[], period: (at: Date) => number): TimelineLine[] {
  const lines = new Map<string, TimelineLine>();
  for (const expiry of expiries) {
    const id = `${period(expiry.at)}-${expiry.kind}`;
    const line = lines.get(id) ?? { id, at: expiry.at, title: "", expiries: [] };
    line.expiries.push(expiry);
    lines.set(id, line);
  }
  return [...lines.values()].map((line) => ({ ...line, title: expiriesTitle(line.expiries) }));
}

function weeksOf(lines: TimelineLine[], now: Date): TimelineWeek[] {
  const weeks = new Map<number, TimelineWeek>();
  for (const line of lines) {
    const nth = weekOf(line.at);
    const week = weeks.get(nth) ?? { label: weekLabel(nth, weekOf(now)), lines: [] };
    week.lines.push(line);
    weeks.set(nth, week);
  }
  return [...weeks.values()];
}

/** Expiries are days, not moments: the same day for every reader. */
function dayOf(at: Date): number {
  return Math.floor(at.getTime() / DAY_MS);
}

/** Weeks begin on Monday; 1 January 1970 was a Thursday. */
function weekOf(at: Date): number {
  return Math.floor((dayOf(at) + 3) / 7);
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

function weekLabel(week: number, current: number): string {
  if (week === current) return "This week";
  if (week === current + 1) return "Next week";
  return `Week of ${DAY.format((week * 7 - 3) * DAY_MS)}`;
}
