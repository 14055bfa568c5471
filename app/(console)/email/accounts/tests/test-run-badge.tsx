import { Badge } from "@/components/badge";
import { type TestRunRow, testRunState } from "@/lib/checks/runs/schema";

/** How a run stands, by colour, symbol and word. */
export function TestRunBadge({ run }: { run: Pick<TestRunRow, "cancelledAt" | "finishedAt"> }) {
  const state = testRunState(run);
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
      return (
        <Badge tint="teal" icon="check">
          Finished
        </Badge>
      );
    default:
      throw new Error(`Unhandled state ${state satisfies never}`);
  }
}
