import { DAY_MS } from "@/lib/kernel/clock";
import type { ExpiryLine } from "@/lib/watch/calendar/schema";

export type TimelineWeek = { label: string; lines: ExpiryLine[] };

export type Timeline = {
  weeks: TimelineWeek[];
  later: { weeks: TimelineWeek[]; count: number };
};

/** @param lines by time */
export function timelineOf(lines: readonly ExpiryLine[], now: Date): Timeline {
  const later = lines.filter(({ isLater }) => isLater);
  return {
    weeks: weeksOf(
      lines.filter(({ isLater }) => !isLater),
      now,
    ),
    later: {
      weeks: weeksOf(later, now),
      count: later.reduce((sum, { count }) => sum + count, 0),
    },
  };
}

function weeksOf(lines: readonly ExpiryLine[], now: Date): TimelineWeek[] {
  const weeks = new Map<number, TimelineWeek>();
  for (const line of lines) {
    const nth = weekOf(line.at);
    const week = weeks.get(nth) ?? { label: weekLabel(nth, weekOf(now)), lines: [] };
    week.lines.push(line);
    weeks.set(nth, week);
  }
  return [...weeks.values()];
}

/** UTC weeks from Monday; 1 January 1970 was a Thursday. */
function weekOf(at: Date): number {
  return Math.floor((Math.floor(at.getTime() / DAY_MS) + 3) / 7);
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", timeZone: "UTC" });

function weekLabel(week: number, current: number): string {
  if (week === current) return "This week";
  if (week === current + 1) return "Next week";
  return `Week of ${DAY.format((week * 7 - 3) * DAY_MS)}`;
}
