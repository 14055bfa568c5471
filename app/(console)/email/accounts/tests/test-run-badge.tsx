import { Badge } from "@/components/badge";
import type { TestRunState } from "@/lib/checks/runs/schema";

const LOOKS = {
  running: { tint: "yellow", icon: "refresh", children: "Running" },
  cancelled: { tint: "gray", icon: "x", children: "Cancelled" },
  finished: { tint: "teal", icon: "check", children: "Finished" },
} as const;

export function TestRunBadge({ state, failed }: { state: TestRunState; failed: number }) {
  if (state !== "finished" || failed === 0) return <Badge {...LOOKS[state]} />;
  return (
    <Badge tint="red" icon="alert-triangle">
      {failed.toLocaleString("en")} failed
    </Badge>
  );
}
