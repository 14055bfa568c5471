import { Badge } from "@/components/badge";
import { type IncidentRow, incidentState, QUIET } from "@/lib/watch/incidents/schema";

export function IncidentBadge({ incident }: { incident: IncidentRow }) {
  const state = incidentState(incident);
  if (state === "over")
    return (
      <Badge tint="gray" icon="check">
        Resolved
      </Badge>
    );
  if (state === "recovering")
    return (
      <Badge
        tint="yellow"
        icon="refresh"
        title={`No longer failing. Resolved after ${QUIET} without a failure.`}
      >
        Recovering
      </Badge>
    );
  return (
    <Badge tint="red" icon="alert-triangle">
      Open
    </Badge>
  );
}
