import { Text } from "@mantine/core";
import { Badge } from "@/components/badge";
import { DueTime, RelativeTime } from "@/components/relative-time";
import { wallTime } from "@/lib/kernel/clock";
import {
  type IncidentRow,
  incidentState,
  isSilenced,
  QUIET,
  resolvesAt,
} from "@/lib/watch/incidents/schema";

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

export function ResolvesSoon({ incident }: { incident: IncidentRow }) {
  const { quietSince } = incident;
  if (!quietSince || incidentState(incident) !== "recovering") return null;
  return (
    <Text component="span">
      You don't need to do anything. Unless it fails again, it is resolved{" "}
      <DueTime at={resolvesAt(quietSince)} />.
    </Text>
  );
}

export function OpenedAgain({ firstOpenedAt }: { firstOpenedAt: Date }) {
  return (
    <>
      opened again; first <RelativeTime at={firstOpenedAt} />
    </>
  );
}
