import { Badge } from "@/components/badge";
import { wallTime } from "@/lib/kernel/clock";
import { type IncidentRow, incidentState, isSilenced, QUIET } from "@/lib/watch/incidents/schema";

const LOOKS = {
  open: { tint: "red", icon: "alert-triangle", children: "Open" },
  recovering: {
    tint: "yellow",
    icon: "refresh",
    title: `No longer failing. Resolved after ${QUIET} without a failure.`,
    children: "Recovering",
  },
  silenced: { tint: "gray", icon: "minus", children: "Silenced" },
  over: { tint: "gray", icon: "check", children: "Resolved" },
} as const;

export function IncidentBadge({ incident }: { incident: IncidentRow }) {
  const state = incidentState(incident);
  const isQuiet = state === "open" && isSilenced(incident, wallTime());
  return <Badge {...LOOKS[isQuiet ? "silenced" : state]} />;
}
