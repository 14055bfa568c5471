"use client";

import type { Route } from "next";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "./coming-up.module.css";

/** `expiries` are the first of `count`. */
type ListedLine = {
  id: string;
  at: Date;
  title: string;
  href: Route;
  step: string;
  count: number;
  expiries: { id: string; provider: string; cloudProviderId: string; effect: string }[];
};
type TimelineWeeksProps = { weeks: { label: string; lines: ListedLine[] }[] };

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
  const { title, href, count, expiries } = line;
  const [first] = expiries;
  if (!first) return null;
  if (count > 1) return <Fold line={line} />;
  return (
    <div>
      <RowLink href={href}>{title}</RowLink>
      <p className={classes.facts}>{first.effect}</p>
    </div>
  );
}

function Fold({ line: { title, href, step, expiries } }: { line: ListedLine }) {
  return (
    <details>
      <summary>{title}</summary>
      <ul className={classes.fold}>
        {expiries.map((expiry) => (
          <li key={expiry.id}>
            <RowLink href={routes.cloudProvider(expiry.cloudProviderId)}>{expiry.provider}</RowLink>{" "}
            <span className={classes.facts}>{expiry.effect}</span>
          </li>
        ))}
        <li>
          <RowLink href={href}>Show all</RowLink>
        </li>
      </ul>
      <p className={classes.facts}>{step}</p>
    </details>
  );
}

// Expiries are days: the same for every reader.
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
