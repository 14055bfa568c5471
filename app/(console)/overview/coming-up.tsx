import type { Route } from "next";
import type { ReactNode } from "react";
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

type ComingUpProps = { lines: ExpiryLine[]; days: number };

export function ComingUp({ lines, days }: ComingUpProps) {
  const until = new Date(wallTime().getTime() + days * DAY_MS);
  const hrefOf = (line: ExpiryLine) => routes.ending({ kind: line.kind, ...lineDays(line, until) });
  const later = lines.filter(({ isLater }) => isLater);
  const laterCount = later.reduce((sum, { count }) => sum + count, 0);
  return (
    <Section title={`The next ${days} days`} aside={<CalendarAddressButton />}>
      {lines.length === 0 ? (
        <p className={overview.calm}>No secrets expire and no sign-ins end.</p>
      ) : (
        <div className={`${overview.card} ${classes.weeks}`}>
          <Weeks lines={lines.filter(({ isLater }) => !isLater)}>
            {(line) => (
              <li key={keyOf(line)} className={classes.line}>
                <span className={classes.day}>{DAY.format(line.at)}</span>
                <Line line={line} href={hrefOf(line)} />
              </li>
            )}
          </Weeks>
          {laterCount > 0 && (
            <details>
              <summary>And {laterCount.toLocaleString("en")} more</summary>
              <Weeks lines={later}>
                {(line) => (
                  <li key={keyOf(line)} className={classes.later}>
                    <RowLink href={hrefOf(line)}>{lineTitle(line)}</RowLink>
                    {line.count > 1 && <Names line={line} />}
                  </li>
                )}
              </Weeks>
            </details>
          )}
        </div>
      )}
    </Section>
  );
}

const keyOf = ({ at, kind }: ExpiryLine) => `${at.getTime()}-${kind}`;

type WeeksProps = { lines: readonly ExpiryLine[]; children: (line: ExpiryLine) => ReactNode };

function Weeks({ lines, children }: WeeksProps) {
  const weeks = new Set(lines.map(({ at }) => weekOf(at)));
  return [...weeks].map((week) => (
    <div key={week}>
      <h3 className={classes.week}>{weekLabel(week)}</h3>
      <ul className={classes.lines}>
        {lines.filter(({ at }) => weekOf(at) === week).map(children)}
      </ul>
    </div>
  ));
}

type LineProps = { line: ExpiryLine; href: Route };

function Line({ line, href }: LineProps) {
  const { count, expiries } = line;
  const [first] = expiries;
  if (!first) return null;
  if (count === 1)
    return (
      <div>
        <RowLink href={href}>{lineTitle(line)}</RowLink>
        <p className={classes.facts}>{expiryEffect(first)}</p>
      </div>
    );
  return (
    <details>
      <summary>{lineTitle(line)}</summary>
      <ul className={classes.fold}>
        {expiries.map((expiry) => (
          <li key={expiry.id}>
            <RowLink href={routes.cloudProvider(expiry.cloudProviderId)}>{expiry.provider}</RowLink>{" "}
            <span className={classes.facts}>{expiryEffect(expiry)}</span>
          </li>
        ))}
        <li>
          <RowLink href={href}>Show all</RowLink>
        </li>
      </ul>
      <p className={classes.facts}>{expiryStep(first)}</p>
    </details>
  );
}

function Names({ line: { count, expiries } }: { line: ExpiryLine }) {
  const names = expiries.map(({ provider }) => provider);
  return <span className={classes.facts}> {namesText(names, count)}</span>;
}

/** UTC weeks from Monday; 1 January 1970 was a Thursday. */
function weekOf(at: Date): number {
  return Math.floor((Math.floor(at.getTime() / DAY_MS) + 3) / 7);
}

function weekLabel(week: number): string {
  const current = weekOf(wallTime());
  if (week === current) return "This week";
  if (week === current + 1) return "Next week";
  return `Week of ${MONTH_DAY.format((week * 7 - 3) * DAY_MS)}`;
}

// Expiries are days: the same for every reader.
const UTC_DAY = { day: "numeric", timeZone: "UTC" } as const;
const DAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", month: "short", ...UTC_DAY });
const MONTH_DAY = new Intl.DateTimeFormat("en-GB", { month: "long", ...UTC_DAY });
