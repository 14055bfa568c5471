import { RelativeTime } from "@/components/relative-time";
import { type Announced, timelineOf } from "./entries";
import classes from "./timeline.module.css";

/** What happened, in order. */
export function Timeline({ incident }: { incident: Announced }) {
  return (
    <ol className={classes.timeline}>
      {timelineOf(incident).map(({ at, text, tint }) => (
        <li key={text} data-tint={tint}>
          <span>{text}</span>
          <span className={classes.time}>
            <RelativeTime at={at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
