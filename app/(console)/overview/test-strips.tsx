import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import type { TestStrip } from "@/lib/checks/schema";
import classes from "./overview.module.css";
import { Section } from "./section";

type TestStripsProps = {
  strips: TestStrip[];
  /** All that were tested, shown or not. */
  accounts: number;
};

/** The tests of the last 24 hours, a cell an hour, the worst of each; those that fail first. */
export function TestStrips({ strips, accounts }: TestStripsProps) {
  const rest = accounts - strips.length;
  return (
    <Section title="Tests of the last 24 hours">
      {strips.length === 0 ? (
        <p className={classes.calm}>
          No accounts were tested. Choose how often to test in each email account.
        </p>
      ) : (
        <div className={classes.strips}>
          {strips.map((strip) => (
            <Strip key={strip.id} strip={strip} />
          ))}
          <div className={classes.axis} aria-hidden>
            <span>24 hours ago</span>
            <span>now</span>
          </div>
        </div>
      )}
      {rest > 0 && (
        <p className={classes.more}>
          <RowLink href="/email/accounts">And {rest.toLocaleString("en")} more</RowLink>
        </p>
      )}
    </Section>
  );
}

function Strip({ strip: { id, name, hours } }: { strip: TestStrip }) {
  return (
    <div className={classes.strip}>
      <RowLink href={routes.emailAccount(id)}>{name}</RowLink>
      <div className={classes.hours} role="img" aria-label={summary(hours)}>
        {hours.map((hour, index) => {
          const text = cellText(hour, hours.length - index);
          return <span key={text} data-verdict={verdict(hour)} title={text} />;
        })}
      </div>
    </div>
  );
}

type Hour = TestStrip["hours"][number];

function verdict(hour: Hour): "none" | "ok" | "failed" {
  if (!hour) return "none";
  return hour.failed > 0 ? "failed" : "ok";
}

function cellText(hour: Hour, endedHoursAgo: number): string {
  const when = endedHoursAgo === 1 ? "In the last hour" : `${endedHoursAgo} hours ago`;
  if (!hour) return `${when}: no test`;
  const { passed, failed } = hour;
  if (failed === 0) return `${when}: ${passed === 1 ? "passed" : `${passed} passed`}`;
  return passed === 0
    ? `${when}: ${failed === 1 ? "failed" : `${failed} failed`}`
    : `${when}: ${failed} failed, ${passed} passed`;
}

function summary(hours: Hour[]): string {
  const tested = hours.filter((hour) => hour !== null);
  const passed = tested.reduce((sum, hour) => sum + hour.passed, 0);
  const failed = tested.reduce((sum, hour) => sum + hour.failed, 0);
  const last = hours.findLastIndex((hour) => verdict(hour) === "failed");
  const when = last < 0 ? "" : `, the last within the past ${hours.length - last} hours`;
  return `Last 24 hours: ${passed} passed, ${failed} failed${when}`;
}
