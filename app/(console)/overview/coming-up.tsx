import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { Section } from "@/components/section";
import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import {
  type ExpiryLine,
  expiryEffect,
  expiryStep,
  lineDays,
  lineTitle,
} from "@/lib/watch/calendar/schema";
import { namesText } from "@/lib/watch/incidents/schema";
import { CalendarAddressButton } from "./calendar-address-button";
import classes from "./coming-up.module.css";
import overview from "./overview.module.css";
import { TimelineWeeks } from "./timeline-weeks";

type ComingUpProps = { lines: ExpiryLine[]; days: number };

export function ComingUp({ lines, days }: ComingUpProps) {
  const now = wallTime();
  const { weeks, later } = timelineOf(lines, now);
  const until = new Date(now.getTime() + days * DAY_MS);
  return (
    <Section title={`The next ${days} days`} aside={<CalendarAddressButton />}>
      {lines.length === 0 ? (
        <p className={overview.calm}>No secrets expire and no sign-ins end.</p>
      ) : (
        <div className={`${overview.card} ${classes.weeks}`}>
          <TimelineWeeks weeks={weeks.map((week) => listed(week, until))} />
          {later.count > 0 && (
            <details>
              <summary>And {later.count.toLocaleString("en")} more</summary>
              {later.weeks.map((week) => (
                <LaterWeek key={week.label} week={week} until={until} />
              ))}
            </details>
          )}
        </div>
      )}
    </Section>
  );
}

/** As text: writing it in the browser would bring the schemas along. */
function listed({ label, lines }: TimelineWeek, until: Date) {
  const told = lines.map((line) => {
    const { at, count, expiries } = line;
    const [first] = expiries;
    return {
      id: keyOf(line),
      at,
      title: lineTitle(line),
      href: hrefOf(line, until),
      step: first ? expiryStep(first) : "",
      count,
      expiries: expiries.map((expiry) => ({
        id: expiry.id,
        provider: expiry.provider,
        cloudProviderId: expiry.cloudProviderId,
        effect: expiryEffect(expiry),
      })),
    };
  });
  return { label, lines: told };
}

const hrefOf = (line: ExpiryLine, until: Date) =>
  routes.ending({ kind: line.kind, ...lineDays(line, until) });
const keyOf = ({ at, kind }: ExpiryLine) => `${at.getTime()}-${kind}`;

function LaterWeek({ week: { label, lines }, until }: { week: TimelineWeek; until: Date }) {
  return (
    <div>
      <h3 className={classes.week}>{label}</h3>
      {lines.map((line) => (
        <p key={keyOf(line)} className={classes.later}>
          <RowLink href={hrefOf(line, until)}>{lineTitle(line)}</RowLink>
          {line.count > 1 && (
            <span className={classes.facts}>
              {" "}
              {namesText(
                line.expiries.map(({ provider }) => provider),
                line.count,
              )}
            </span>
          )}
        </p>
      ))}
    </div>
  );
}

type TimelineWeek = { label: string; lines: ExpiryLine[] };

type Timeline = {
  weeks: TimelineWeek[];
  later: { weeks: TimelineWeek[]; count: number };
};

/** @param lines by time */
function timelineOf(lines: readonly ExpiryLine[], now: Date): Timeline {
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
