import { Text } from "@mantine/core";
import { DueTime } from "@/components/relative-time";
import { type IncidentRow, incidentState, resolvesAt } from "@/lib/watch/incidents/schema";

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
