import { IconPlugConnected } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState } from "@/components/empty-state";
import { ListPage } from "@/components/list-page";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { type TestRunRow, testRunState } from "@/lib/checks/runs/schema";
import { requireUser } from "@/lib/http/auth/session";
import { counted } from "@/lib/kernel/text/schema";
import { type ShownTestRun, TestRunRows } from "../test-run-rows";

export const metadata: Metadata = { title: "Test runs" };

const PATH = "/email/accounts/tests";

export default async function TestRunsPage({ searchParams }: PageProps<typeof PATH>) {
  const list = await listTestRuns.open(await requireUser(), await searchParams);
  return (
    <ListPage
      list={list}
      path={PATH}
      title="Test runs"
      description="Bulk connection tests and their results."
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      noun={{ one: "test run", many: "test runs" }}
      search="Search who started them"
      empty={<NoRuns />}
      columns={["Run", "State", "Works", "Failed", "Skipped", ["Started", "started"]]}
      hasActions={false}
      rows={(rows) => <TestRunRows runs={rows.map(toShown)} />}
    />
  );
}

function NoRuns() {
  return (
    <EmptyState
      icon={IconPlugConnected}
      title="No test runs yet"
      link={{ href: "/email/accounts", label: "Open Email Accounts" }}
    >
      Select email accounts in their list, or press Test all above it.
    </EmptyState>
  );
}

function toShown(run: TestRunRow): ShownTestRun {
  const { id, startedByName, createdAt, counts } = run;
  return {
    id,
    title: counted(run.total, "account"),
    startedByName,
    state: testRunState(run),
    works: counts.ok,
    failed: counts.failed,
    skipped: counts.skipped,
    createdAt,
  };
}
