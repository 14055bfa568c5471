import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import type { TestDay, TestStrip } from "@/lib/checks/schema";
import classes from "./failing-tests.module.css";
import overview from "./overview.module.css";
import { Section } from "./section";

/** The accounts whose last test failed, a cell an hour, the worst of each; the others are a number. */
export function FailingTests({ day }: { day: TestDay }) {
  const { strips, failing, passing } = day;
  const isTested = failing.count + passing.count > 0;
  return (
    <Section title="Tests of the last 24 hours">
      {isTested ? (
        <div className={`${overview.card} ${classes.tests}`}>
          {strips.length > 0 && <Strips strips={strips} />}
          {failing.count > strips.length && (
            <p className={classes.text}>
              <RowLink href="/email/accounts?view=attention">
                And {totalText(failing, strips.length)} more
              </RowLink>
            </p>
          )}
          <p className={classes.text}>{passedText(day)}</p>
        </div>
      ) : (
        <p className={overview.calm}>
          No accounts were tested. Choose how often to test in each email account.
        </p>
      )}
    </Section>
  );
}

function totalText({ count, isCapped }: TestDay["failing"], without = 0): string {
  return `${(count - without).toLocaleString("en")}${isCapped ? "+" : ""}`;
}

function passedText({ failing, passing }: TestDay): string {
  if (passing.count === 0) return "No other account was tested.";
  const noun = passing.count === 1 ? "account" : "accounts";
  const which = failing.count === 0 && passing.count > 1 ? "All " : "";
  const others = failing.count > 0 ? "other " : "";
  return `${which}${totalText(passing)} ${others}${noun} passed ${passing.count === 1 ? "its" : "their"} last test.`;
}

function Strips({ strips }: { strips: TestStrip[] }) {
  return (
    <>
      {strips.map((strip) => (
        <Strip key={strip.id} strip={strip} />
      ))}
      <div className={classes.axis} aria-hidden>
        <span>24 hours ago</span>
        <span>now</span>
      </div>
    </>
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
