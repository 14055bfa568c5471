import type { Route } from "next";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import { DAY_MS, wallTime } from "@/lib/kernel/clock";
import {
  type Expiry,
  type ExpiryLine,
  expiryEffect,
  expiryStep,
  lineDays,
  lineTitle,
} from "@/lib/watch/calendar/schema";
import { CalendarAddressButton } from "./calendar-address-button";
import classes from "./coming-up.module.css";
import overview from "./overview.module.css";

export function ComingUp({ lines, days }: { lines: ExpiryLine[]; days: number }) {
  const until = new Date(wallTime().getTime() + days * DAY_MS);
  const hrefOf = (line: ExpiryLine) =>
    line.kind === "password"
      ? routes.migration
      : routes.ending({ kind: line.kind, ...lineDays(line, until) });
  const later = lines.filter(({ isLater }) => isLater);
  const laterCount = later.reduce((sum, { count }) => sum + count, 0);
  return (
    <Section title={`The next ${days} days`} aside={<CalendarAddressButton />}>
      {lines.length === 0 ? (
        <p className={overview.calm}>No secrets expire, and no sign-ins or passwords end.</p>
      ) : (
        <div className={`${overview.card} ${classes.card}`}>
          <Lines lines={lines.filter(({ isLater }) => !isLater)} hrefOf={hrefOf} />
          {laterCount > 0 && (
            <details>
              <summary>And {laterCount.toLocaleString("en")} more</summary>
              <Lines lines={later} hrefOf={hrefOf} />
            </details>
          )}
        </div>
      )}
    </Section>
  );
}

const placeOf = ({ cloudProviderId: id }: Expiry) =>
  id ? routes.cloudProvider(id) : routes.migration;

const keyOf = ({ at, kind }: ExpiryLine) => `${at.getTime()}-${kind}`;

type LinesProps = { lines: readonly ExpiryLine[]; hrefOf: (line: ExpiryLine) => Route };

function Lines({ lines, hrefOf }: LinesProps) {
  return (
    <ul className={classes.lines}>
      {lines.map((line) => (
        <li key={keyOf(line)} className={classes.line}>
          <Line line={line} href={hrefOf(line)} />
        </li>
      ))}
    </ul>
  );
}

function Line({ line, href }: { line: ExpiryLine; href: Route }) {
  const { count, expiries } = line;
  const [first] = expiries;
  if (!first) return null;
  if (count === 1)
    return (
      <>
        <RowLink href={href}>{lineTitle(line)}</RowLink> <When line={line} />
        <span className={classes.facts}> · {expiryEffect(first)}</span>
      </>
    );
  return (
    <details>
      <summary>
        {lineTitle(line)} <When line={line} />
      </summary>
      <ul className={classes.fold}>
        {expiries.map((expiry) => (
          <li key={expiry.id}>
            <RowLink href={placeOf(expiry)}>{expiry.provider}</RowLink>{" "}
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

/** Later lines are of a week. */
function When({ line: { at, isLater } }: { line: ExpiryLine }) {
  return (
    <span className={classes.facts}>
      {" "}
      · <RelativeTime at={at} /> ({isLater ? "week of " : ""}
      {DAY.format(at)})
    </span>
  );
}

// Expiries are days: the same for every reader.
const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", timeZone: "UTC" });
