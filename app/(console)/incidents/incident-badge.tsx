import { Badge } from "@/components/badge";
import { type IncidentRow, incidentState, QUIET } from "@/lib/watch/incidents/schema";

const LOOKS = {
  open: { tint: "red", icon: "alert-triangle", children: "Open" },
  recovering: {
    tint: "yellow",
    icon: "refresh",
    title: `No longer failing. Resolved after ${QUIET} without a failure.`,
    children: "Recovering",
  },
  over: { tint: "gray", icon: "check", children: "Resolved" },
} as const;

export function IncidentBadge({ incident }: { incident: IncidentRow }) {
  return <Badge {...LOOKS[incidentState(incident)]} />;
}
