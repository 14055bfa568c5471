import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { wallTime } from "@/lib/kernel/clock";
import { type Expiry, expiryEffect, expiryStep } from "@/lib/watch/calendar/schema";
import { namesText } from "@/lib/watch/incidents/schema";
import { CalendarAddressButton } from "./calendar-address-button";
import classes from "./coming-up.module.css";
import overview from "./overview.module.css";
import { Section } from "./section";
import { type TimelineLine, type TimelineWeek, timelineOf } from "./timeline";

type ComingUpProps = { expiries: Expiry[]; days: number };

/** What will need a person, by week and day. */
export function ComingUp({ expiries, days }: ComingUpProps) {
  const { weeks, later } = timelineOf(expiries, wallTime());
  return (
    <Section title={`The next ${days} days`} aside={<CalendarAddressButton />}>
      {expiries.length === 0 ? (
        <p className={overview.calm}>No secrets expire and no sign-ins end.</p>
      ) : (
        <div className={`${overview.card} ${classes.weeks}`}>
          {weeks.map((week) => (
            <Week key={week.label} week={week} />
          ))}
          {later.count > 0 && (
            <details>
              <summary>And {later.count.toLocaleString("en")} more</summary>
              {later.weeks.map((week) => (
                <LaterWeek key={week.label} week={week} />
              ))}
            </details>
          )}
        </div>
      )}
    </Section>
  );
}

function Week({ week: { label, lines } }: { week: TimelineWeek }) {
  return (
    <div>
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
  );
}

function Line({ line: { title, expiries } }: { line: TimelineLine }) {
  const [first, ...others] = expiries;
  if (!first) return null;
  if (others.length > 0) return <Fold title={title} expiries={expiries} />;
  return (
    <div>
      <RowLink href={routes.cloudProvider(first.cloudProviderId)}>{title}</RowLink>
      <p className={classes.facts}>{expiryEffect(first)}</p>
    </div>
  );
}

const LISTED = 5;

/** Things of one kind and day: opened, the first of them with their providers, and what to do. */
function Fold({ title, expiries }: { title: string; expiries: Expiry[] }) {
  const rest = expiries.length - LISTED;
  const [first] = expiries;
  return (
    <details>
      <summary>{title}</summary>
      <ul className={classes.fold}>
        {expiries.slice(0, LISTED).map((expiry) => (
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

const NAMED = 5;

/** Further away a week is a sentence. */
function LaterWeek({ week: { label, lines } }: { week: TimelineWeek }) {
  return (
    <div>
      <h3 className={classes.week}>{label}</h3>
      {lines.map(({ id, title, expiries }) => (
        <p key={id} className={classes.later}>
          {title}
          {expiries.length > 1 && (
            <span className={classes.facts}>
              {" "}
              {namesText(
                expiries.slice(0, NAMED).map(({ provider }) => provider),
                expiries.length,
              )}
            </span>
          )}
        </p>
      ))}
    </div>
  );
}

// Expiries are days, not moments: the same day for every reader.
const DAY = new Intl.DateTimeFormat("en-GB", {
  weekday: "short",
  day: "numeric",
  month: "short",
  timeZone: "UTC",
});
