import { Badge } from "@/components/badge";
import type { TestRunState } from "@/lib/checks/runs/schema";

type TestRunBadgeProps = { state: TestRunState; failed: number };

export function TestRunBadge({ state, failed }: TestRunBadgeProps) {
  switch (state) {
    case "running":
      return (
        <Badge tint="yellow" icon="refresh">
          Running
        </Badge>
      );
    case "cancelled":
      return (
        <Badge tint="gray" icon="x">
          Cancelled
        </Badge>
      );
    case "finished":
      if (failed > 0)
        return (
          <Badge tint="red" icon="alert-triangle">
            {failed.toLocaleString("en")} failed
          </Badge>
        );
      return (
        <Badge tint="teal" icon="check">
          Finished
        </Badge>
      );
    default:
      throw new Error(`Unhandled state ${state satisfies never}`);
  }
}
