import Link from "next/link";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { pageAt } from "@/components/routes";
import { RowLink } from "@/components/table";
import { readTestDay } from "@/lib/checks/day/queries";
import type { TestDay } from "@/lib/checks/schema";
import type { Actor } from "@/lib/kernel/actor";
import { type History, readHistory } from "@/lib/watch/history/queries";
import { HISTORY_RANGES, HISTORY_SCALES, type HistoryRange } from "@/lib/watch/history/schema";
import { ChartFigure } from "./chart-figure";
import { type ChartPanel, chartPanels } from "./chart-panels";
import tests from "./failing-tests.module.css";
import { HourStrip } from "./hour-strip";
import overview from "./overview.module.css";
import classes from "./pictures.module.css";

export const OVER_TIME = "over-time";

type OverTimeProps = { actor: Actor; range: HistoryRange | undefined; unknown: string[] };

/** Read when they are asked for. */
export async function OverTime({ actor, range, unknown }: OverTimeProps) {
  if (!range && unknown.length === 0) return null;
  const [history, day] = await Promise.all([
    readHistory(actor, range ?? "day"),
    readTestDay(actor),
  ]);
  return (
    <>
      <Pictures history={history} unknown={unknown} />
      <FailingTests day={day} />
    </>
  );
}

function Pictures({ history, unknown }: { history: History; unknown: string[] }) {
  const { range, since } = history;
  return (
    <Section id={OVER_TIME} title="Over time" aside={<Ranges range={range} />}>
      {unknown.length > 0 && (
        <p className={classes.notice} role="status">
          {unknown.join(", ")} in the address is unknown. The charts show the last day.
        </p>
      )}
      {since && (
        <p className={classes.notice}>
          Recording began <RelativeTime at={since} />; there is nothing to show from before.
        </p>
      )}
      <div className={`${overview.columns} ${classes.figures}`}>
        {ordered(chartPanels(history)).map((panel) => (
          <ChartFigure key={panel.title} panel={panel} range={range} />
        ))}
      </div>
    </Section>
  );
}

/** Empty charts are a sentence: beside a chart they would leave a hole. */
function ordered(panels: readonly ChartPanel[]): ChartPanel[] {
  const isEmpty = ({ rows }: ChartPanel) => rows.length === 0;
  return [...panels.filter((panel) => !isEmpty(panel)), ...panels.filter(isEmpty)];
}

function Ranges({ range }: { range: History["range"] }) {
  return (
    <nav aria-label="Time of the charts">
      <ul className={classes.ranges}>
        {HISTORY_RANGES.map((each) => (
          <li key={each}>
            <Link
              href={pageAt(`/?range=${each}`)}
              prefetch={false}
              scroll={false}
              aria-current={each === range ? "true" : undefined}
            >
              {HISTORY_SCALES[each].label}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function FailingTests({ day }: { day: TestDay }) {
  const { strips, failing, passing } = day;
  const isTested = failing.count + passing.count > 0;
  return (
    <Section title="Tests of the last 24 hours">
      {isTested ? (
        <div className={`${overview.card} ${tests.tests}`}>
          {strips.length > 0 && (
            <>
              {strips.map((strip) => (
                <HourStrip key={strip.id} strip={strip} />
              ))}
              <div className={tests.axis} aria-hidden>
                <span>24 hours ago</span>
                <span>now</span>
              </div>
            </>
          )}
          {failing.count > strips.length && (
            <p className={tests.text}>
              <RowLink href="/email/accounts?view=test_failed">
                And {totalText(failing, strips.length)} more
              </RowLink>
            </p>
          )}
          <p className={tests.text}>{passedText(day)}</p>
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
