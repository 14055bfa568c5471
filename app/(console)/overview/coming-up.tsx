import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import { type Expiry, expiryEffect, expiryStep, expiryTitle } from "@/lib/watch/calendar/schema";
import { CalendarAddressButton } from "./calendar-address-button";
import classes from "./overview.module.css";
import { Section } from "./section";

type ComingUpProps = { expiries: Expiry[]; days: number };

/** What will need a person, by month and day. */
export function ComingUp({ expiries, days }: ComingUpProps) {
  return (
    <Section title={`The next ${days} days`} aside={<CalendarAddressButton />}>
      {expiries.length === 0 ? (
        <p className={classes.calm}>No secrets expire and no sign-ins end.</p>
      ) : (
        <div className={classes.months}>
          {byMonth(expiries).map(([month, ending]) => (
            <div key={month}>
              <h3 className={classes.month}>{month}</h3>
              <ul className={classes.cards}>
                {ending.map((expiry) => (
                  <Day key={expiry.id} expiry={expiry} />
                ))}
              </ul>
            </div>
          ))}
        </div>
      )}
    </Section>
  );
}

function Day({ expiry }: { expiry: Expiry }) {
  const { at, cloudProviderId } = expiry;
  return (
    <li className={classes.need}>
      <div className={classes.day}>
        <span>{WEEKDAY.format(at)}</span>
        <strong>{at.getUTCDate()}</strong>
      </div>
      <div className={classes.what}>
        <RowLink href={routes.cloudProvider(cloudProviderId)} look="name">
          {expiryTitle(expiry)}
        </RowLink>
        <p className={classes.next}>{expiryStep(expiry)}</p>
        <p className={classes.facts}>
          <RelativeTime at={at} /> · {expiryEffect(expiry)}
        </p>
      </div>
    </li>
  );
}

// Expiries are days, not moments: the same day for every reader.
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const WEEKDAY = new Intl.DateTimeFormat("en-GB", { weekday: "short", timeZone: "UTC" });

function byMonth(expiries: Expiry[]): [string, Expiry[]][] {
  const months = new Map<string, Expiry[]>();
  for (const expiry of expiries) {
    const month = MONTH.format(expiry.at);
    months.set(month, [...(months.get(month) ?? []), expiry]);
  }
  return [...months];
}
