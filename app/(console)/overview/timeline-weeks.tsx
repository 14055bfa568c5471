"use client";

import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { expiryEffect, expiryStep } from "@/lib/watch/calendar/schema";
import classes from "./coming-up.module.css";
import type { TimelineLine } from "./timeline";

/** `expiries` are the first of `count`. */
type ListedLine = TimelineLine & { count: number };
type TimelineWeeksProps = { weeks: { label: string; lines: ListedLine[] }[] };

/** Week by week, a line for each day and kind. */
export function TimelineWeeks({ weeks }: TimelineWeeksProps) {
  return weeks.map(({ label, lines }) => (
    <div key={label}>
      <h3 className={classes.week}>{label}</h3>
      <ul className={classes.lines}>
        {lines.map((line) => (
          <li key={line.id} className={classes.line}>
            <span className={classes.day}>{DAY.format(line.at)}</span>
            <Line line={line} />
          </li>
        ))}
      </ul>
    </div>
  ));
}

function Line({ line }: { line: ListedLine }) {
  const { title, count, expiries } = line;
  const [first] = expiries;
  if (!first) return null;
  if (count > 1) return <Fold line={line} />;
  return (
    <div>
      <RowLink href={routes.cloudProvider(first.cloudProviderId)}>{title}</RowLink>
      <p className={classes.facts}>{expiryEffect(first)}</p>
    </div>
  );
}

/** Things of one kind and day: opened, the first of them with their providers, and what to do. */
function Fold({ line: { title, count, expiries } }: { line: ListedLine }) {
  const rest = count - expiries.length;
  const [first] = expiries;
  return (
    <details>
      <summary>{title}</summary>
      <ul className={classes.fold}>
        {expiries.map((expiry) => (
          <li key={expiry.id}>
            <RowLink href={routes.cloudProvider(expiry.cloudProviderId)}>{expiry.provider}</RowLink>{" "}
            <span className={classes.facts}>{expiryEffect(expiry)}</span>
          </li>
        ))}
        {rest > 0 && <li>and {rest.toLocaleString("en")} more</li>}
      </ul>
      {first && <p className={classes.facts}>{expiryStep(first)}</p>}
    </details>
  );
}

// Expiries are days, not moments: the same day for every reader.
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
