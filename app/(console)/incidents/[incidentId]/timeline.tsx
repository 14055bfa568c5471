import { RelativeTime } from "@/components/relative-time";
import { ANNOUNCE_AFTER_MS, type IncidentRow } from "@/lib/watch/incidents/schema";
import classes from "./timeline.module.css";

type Entry = { at: Date; text: string; tint: "red" | "yellow" | "teal" | "gray" };

/** What happened, in order. */
export function Timeline({ incident }: { incident: IncidentRow }) {
  return (
    <ol className={classes.timeline}>
      {entries(incident).map(({ at, text, tint }) => (
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

function entries(incident: IncidentRow): Entry[] {
  const { openedAt, firstOpenedAt, announcedAt, quietSince, resolvedAt } = incident;
  const since = firstOpenedAt ?? openedAt;
  const announced: Entry = announcedAt
    ? { at: announcedAt, text: "Alert channels notified", tint: "red" }
    : {
        at: new Date(since.getTime() + ANNOUNCE_AFTER_MS),
        text: "Alert channels are notified if it lasts",
        tint: "gray",
      };
  const opened: Entry[] = [
    { at: since, text: "Started", tint: "red" },
    ...(announcedAt || !quietSince ? [announced] : []),
    ...(firstOpenedAt ? [{ at: openedAt, text: "Opened again", tint: "red" } as const] : []),
  ];
  return [
    ...opened.sort((a, b) => a.at.getTime() - b.at.getTime()),
    ...(quietSince ? [{ at: quietSince, text: "No longer failing", tint: "yellow" } as const] : []),
    ...(resolvedAt ? [{ at: resolvedAt, text: "Resolved", tint: "teal" } as const] : []),
  ];
}
