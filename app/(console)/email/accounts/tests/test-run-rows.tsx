"use client";

import { IconPlugConnected } from "@tabler/icons-react";
import { useRouter } from "next/navigation";
import { ActButton, act } from "@/components/acts";
import { Badge } from "@/components/badge";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/table";
import classes from "@/components/table.module.css";
import type { TestRunRow, TestRunState } from "@/lib/checks/runs/schema";
import { leftOutText, testRunState } from "@/lib/checks/runs/told";
import { counted } from "@/lib/kernel/text/schema";
import { cancelTestRunAction, startTestRunAction } from "./actions";

export function TestRunRows({ runs }: { runs: readonly TestRunRow[] }) {
  return runs.map(({ id, total, startedByName, counts, createdAt, ...run }) => (
    <tr key={id}>
      <td>
        <div>
          <RowLink href={routes.testRun(id)} look="name">
            {counted(total, "account")}
          </RowLink>
          <span className={classes.second}>
            by {startedByName}
            {counts.unsigned + counts.inactive > 0 && ` · left out: ${leftOutText(counts)}`}
          </span>
        </div>
      </td>
      <td data-label="State" className={classes.fit}>
        <TestRunBadge state={testRunState(run)} failed={counts.failed} />
      </td>
      <td data-label="Works" className={classes.fit}>
        {counts.ok.toLocaleString("en")}
      </td>
      <td data-label="Failed" className={classes.fit}>
        {counts.failed > 0 ? (
          <RowLink href={routes.failedInTestRun(id)} look="over">
            {counts.failed.toLocaleString("en")}
          </RowLink>
        ) : (
          0
        )}
      </td>
      <td data-label="Skipped" className={classes.fit}>
        {counts.skipped.toLocaleString("en")}
      </td>
      <td data-label="Started" className={classes.fit}>
        <RelativeTime at={createdAt} />
      </td>
    </tr>
  ));
}

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

export function CancelButton({ testRunId }: { testRunId: string }) {
  return (
    <ActButton
      label="Cancel"
      needs="accounts:test"
      run={act(() => cancelTestRunAction({ testRunId }))}
    />
  );
}

export function TestAgainButton({ testRunId }: { testRunId: string }) {
  const router = useRouter();
  const failed = { accounts: "all", search: "", failedInTestRun: testRunId } as const;
  return (
    <ActButton
      size="xs"
      variant="filled"
      label="Test these again"
      icon={IconPlugConnected}
      needs="accounts:test"
      run={act(
        () => startTestRunAction(failed),
        (started) => router.push(routes.testRun(started.id)),
      )}
    />
  );
}
