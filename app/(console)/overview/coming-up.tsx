import { Section } from "@/components/section";
import { wallTime } from "@/lib/kernel/clock";
import { type Expiry, expiryEffect, expiryStep } from "@/lib/watch/calendar/schema";
import { namesText } from "@/lib/watch/incidents/schema";
import { CalendarAddressButton } from "./calendar-address-button";
import classes from "./coming-up.module.css";
import overview from "./overview.module.css";
import { type TimelineWeek, timelineOf } from "./timeline";
import { TimelineWeeks } from "./timeline-weeks";

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
          <TimelineWeeks weeks={weeks.map(listed)} />
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

const LISTED = 5;

/** The browser gets as many as it shows, in words: what writes them would bring the schemas along. */
function listed({ label, lines }: TimelineWeek) {
  const cut = lines.map(({ id, at, title, expiries }) => {
    const [first] = expiries;
    return {
      id,
      at,
      title,
      step: first ? expiryStep(first) : "",
      count: expiries.length,
      expiries: expiries.slice(0, LISTED).map((expiry) => ({
        id: expiry.id,
        provider: expiry.provider,
        cloudProviderId: expiry.cloudProviderId,
        effect: expiryEffect(expiry),
      })),
    };
  });
  return { label, lines: cut };
}

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
                expiries.slice(0, LISTED).map(({ provider }) => provider),
                expiries.length,
              )}
            </span>
          )}
        </p>
      ))}
    </div>
  );
}
