import { RelativeTime } from "@/components/relative-time";
import { wallTime } from "@/lib/kernel/clock";
import type { IncidentDetail } from "@/lib/watch/incidents/queries";
import { ANNOUNCE_AFTER_MS, isSilenced } from "@/lib/watch/incidents/schema";
import classes from "./timeline.module.css";

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

type Entry = { at: Date; text: string; tint: "red" | "yellow" | "teal" | "gray" };

type Announced = Pick<
  IncidentDetail,
  | "openedAt"
  | "firstOpenedAt"
  | "announcedAt"
  | "quietSince"
  | "resolvedAt"
  | "silencedByName"
  | "silencedUntil"
> & { alerts: readonly { deliveries: readonly unknown[] }[] };

function timelineOf(incident: Announced): Entry[] {
  const { openedAt, firstOpenedAt, announcedAt, quietSince, resolvedAt } = incident;
  const since = firstOpenedAt ?? openedAt;
  const silenced = isSilenced(incident, wallTime());
  const announced: Entry = announcedAt
    ? {
        at: announcedAt,
        text: isToldHereOnly(incident) ? "Shown on this page only" : "Alert channels notified",
        tint: "red",
      }
    : {
        at: new Date(since.getTime() + ANNOUNCE_AFTER_MS),
        text: "Alerts go out",
        tint: "gray",
      };
  const opened: Entry[] = [
    { at: since, text: "Started", tint: "red" },
    ...(announcedAt || !(quietSince || silenced) ? [announced] : []),
    ...(firstOpenedAt ? [{ at: openedAt, text: "Opened again", tint: "red" } as const] : []),
  ];
  return [
    ...opened.sort((a, b) => a.at.getTime() - b.at.getTime()),
    ...(quietSince ? [{ at: quietSince, text: "No longer failing", tint: "yellow" } as const] : []),
    ...(resolvedAt ? [{ at: resolvedAt, text: "Resolved", tint: "teal" } as const] : []),
  ];
}

/** Alerts of old incidents are not kept. */
function isToldHereOnly({ alerts }: Pick<Announced, "alerts">): boolean {
  return alerts.length > 0 && alerts.every(({ deliveries }) => deliveries.length === 0);
}
