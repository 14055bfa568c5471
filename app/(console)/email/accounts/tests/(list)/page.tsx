import { IconPlugConnected } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { SectionPages } from "@/components/list-footer";
import { Page } from "@/components/page";
import { RelativeTime } from "@/components/relative-time";
import { routes } from "@/components/routes";
import { RowLink } from "@/components/row-link";
import classes from "@/components/table.module.css";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { accountsText, type TestRunRow } from "@/lib/checks/runs/schema";
import { requireUser } from "@/lib/http/auth/session";
import { readTurn } from "@/lib/kernel/turns/schema";
import { TestRunBadge } from "../test-run-badge";

export const metadata: Metadata = { title: "Test runs" };

const PATH = "/email/accounts/tests";

export default async function TestRunsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const parameters = await searchParams;
  const runs = await listTestRuns(actor, readTurn(parameters, "runs"));
  return (
    <Page
      title="Test runs"
      description="Bulk connection tests and their results."
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
    >
      {runs.rows.length === 0 ? (
        <EmptyState icon={<IconPlugConnected size={40} stroke={1.3} />} title="No test runs yet">
          Select email accounts in the list, or press Test all above it.
        </EmptyState>
      ) : (
        <>
          <TestRunTable runs={runs.rows} />
          <SectionPages
            list={runs}
            path={PATH}
            parameters={parameters}
            section="runs"
            noun={{ one: "test run", many: "test runs" }}
          />
        </>
      )}
    </Page>
  );
}

function TestRunTable({ runs }: { runs: TestRunRow[] }) {
  return (
    <div className={classes.frame}>
      <table>
        <thead>
          <tr>
            <th>Run</th>
            <th>State</th>
            <th>Works</th>
            <th>Failed</th>
            <th>Skipped</th>
            <th>Started</th>
          </tr>
        </thead>
        <tbody>
          {runs.map((run) => (
            <tr key={run.id}>
              <td>
                <div>
                  <RowLink href={routes.testRun(run.id)} look="name">
                    {accountsText(run.total)}
                  </RowLink>
                  <span className={classes.second}>by {run.startedByName}</span>
                </div>
              </td>
              <td data-label="State" className={classes.fit}>
                <TestRunBadge run={run} />
              </td>
              <td data-label="Works" className={classes.fit}>
                {run.counts.ok}
              </td>
              <td data-label="Failed" className={classes.fit}>
                <Failed run={run} />
              </td>
              <td data-label="Skipped" className={classes.fit}>
                {run.counts.skipped}
              </td>
              <td data-label="Started" className={classes.fit}>
                <RelativeTime at={run.createdAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Failed({ run: { id, counts } }: { run: TestRunRow }) {
  if (counts.failed === 0) return 0;
  return (
    <RowLink href={routes.failedInTestRun(id)} look="over">
      {counts.failed.toLocaleString("en")}
    </RowLink>
  );
}
