"use client";

import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import type { TestRunState } from "@/lib/checks/runs/schema";
import { TestRunBadge } from "./test-run-badge";

export type ShownTestRun = {
  id: string;
  title: string;
  startedByName: string;
  state: TestRunState;
  works: number;
  failed: number;
  skipped: number;
  createdAt: Date;
};

export function TestRunRows({ runs }: { runs: readonly ShownTestRun[] }) {
  return runs.map((run) => (
    <tr key={run.id}>
      <td>
        <div>
          <RowLink href={routes.testRun(run.id)} look="name">
            {run.title}
          </RowLink>
          <span className={classes.second}>by {run.startedByName}</span>
        </div>
      </td>
      <td data-label="State" className={classes.fit}>
        <TestRunBadge state={run.state} failed={run.failed} />
      </td>
      <td data-label="Works" className={classes.fit}>
        {run.works.toLocaleString("en")}
      </td>
      <td data-label="Failed" className={classes.fit}>
        <Failed run={run} />
      </td>
      <td data-label="Skipped" className={classes.fit}>
        {run.skipped.toLocaleString("en")}
      </td>
      <td data-label="Started" className={classes.fit}>
        <RelativeTime at={run.createdAt} />
      </td>
    </tr>
  ));
}

function Failed({ run: { id, failed } }: { run: ShownTestRun }) {
  if (failed === 0) return 0;
  return (
    <RowLink href={routes.failedInTestRun(id)} look="over">
      {failed.toLocaleString("en")}
    </RowLink>
  );
}
