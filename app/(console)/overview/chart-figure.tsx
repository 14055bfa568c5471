"use client";

import { VisuallyHidden } from "@mantine/core";
import { useIntersection } from "@mantine/hooks";
import dynamic from "next/dynamic";
import { useState, useSyncExternalStore } from "react";
import { Fold } from "@/components/fold";
import type { HistoryRange } from "@/lib/watch/history/schema";
import { type ChartPanel, momentFormat, valueText } from "./chart-panels";
import classes from "./pictures.module.css";

/** The chart library outweighs the page: loaded when a chart comes into view. */
const Plot = dynamic(() => import("./plot").then((module) => module.Plot), { ssr: false });

type ChartFigureProps = { panel: ChartPanel; range: HistoryRange };

export function ChartFigure({ panel, range }: ChartFigureProps) {
  const { title, summary, rows } = panel;
  return (
    <figure className={classes.figure}>
      <figcaption>
        <h3 className={classes.title}>{title}</h3>
        <p className={classes.summary}>{summary}</p>
      </figcaption>
      {rows.length > 0 && (
        <>
          <Legend panel={panel} />
          <Drawing panel={panel} range={range} />
          <Fold
            summary={
              <>
                Show as a table<VisuallyHidden component="span">: {title}</VisuallyHidden>
              </>
            }
          >
            <Values panel={panel} range={range} />
          </Fold>
        </>
      )}
    </figure>
  );
}

function Legend({ panel: { series } }: { panel: ChartPanel }) {
  return (
    <ul className={classes.legend} aria-hidden>
      {series.map(({ label, tone }) => (
        <li key={label} data-tone={tone}>
          {label}
        </li>
      ))}
    </ul>
  );
}

function Drawing({ panel, range }: ChartFigureProps) {
  const timeZone = useTimeZone();
  const { ref, entry } = useIntersection({ rootMargin: "200px" });
  const [isSeen, setSeen] = useState(false);
  if (entry?.isIntersecting && !isSeen) setSeen(true);
  return (
    <div
      ref={ref}
      className={classes.drawing}
      role="img"
      aria-label={`${panel.title}. ${panel.summary}`}
    >
      {isSeen && <Plot panel={panel} moments={momentsOf(panel, range, timeZone)} />}
    </div>
  );
}

function Values({ panel, range }: ChartFigureProps) {
  const { series, rows, unit } = panel;
  const timeZone = useTimeZone();
  const zone = range === "month" ? "UTC" : timeZone;
  const moments = momentsOf(panel, range, timeZone);
  return (
    <table className={classes.values}>
      <thead>
        <tr>
          <th scope="col">From ({zone})</th>
          {series.map(({ label }) => (
            <th key={label} scope="col">
              {label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(({ at, values }, nth) => (
          <tr key={at.getTime()}>
            <th scope="row">
              <time dateTime={at.toISOString()}>{moments[nth]}</time>
            </th>
            {series.map(({ label }, column) => (
              <td key={label}>{valueText(values[column] ?? null, unit)}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function momentsOf({ rows }: ChartPanel, range: HistoryRange, timeZone: string): string[] {
  const format = momentFormat(range, timeZone);
  return rows.map(({ at }) => format.format(at));
}

/** UTC in the server's HTML, which does not know the reader's. */
function useTimeZone(): string {
  return useSyncExternalStore(
    () => () => {},
    () => Intl.DateTimeFormat().resolvedOptions().timeZone,
    () => "UTC",
  );
}
