import Link from "next/link";
import { Section } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { pageAt } from "@/components/routes";
import type { History } from "@/lib/watch/history/queries";
import { HISTORY_RANGES, HISTORY_SCALES } from "@/lib/watch/history/schema";
import { ChartFigure } from "./chart-figure";
import { type ChartPanel, chartPanels } from "./chart-panels";
import overview from "./overview.module.css";
import classes from "./pictures.module.css";

type PicturesProps = { history: History; unknown: string[] };

export const OVER_TIME = "over-time";

export function Pictures({ history, unknown }: PicturesProps) {
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
