import { Section } from "@/components/page";
import { RowLink } from "@/components/table";
import type { TestDay, TestStrip } from "@/lib/checks/schema";
import classes from "./failing-tests.module.css";
import { HourStrip } from "./hour-strip";
import overview from "./overview.module.css";

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
              <RowLink href="/email/accounts?view=test_failed">
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
        <HourStrip key={strip.id} strip={strip} />
      ))}
      <div className={classes.axis} aria-hidden>
        <span>24 hours ago</span>
        <span>now</span>
      </div>
    </>
  );
}
