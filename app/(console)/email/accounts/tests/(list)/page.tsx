import { IconPlugConnected } from "@tabler/icons-react";
import { EmptyState, ListPage } from "@/components/list-page";
import { listTestRuns } from "@/lib/checks/runs/queries";
import { requireUser } from "@/lib/http/auth/session";
import { TestRunRows } from "../test-run-rows";

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
      empty={
        <EmptyState
          icon={IconPlugConnected}
          title="No test runs yet"
          link={{ href: "/email/accounts", label: "Open Email Accounts" }}
        >
          Select email accounts in their list, or press Test all above it.
        </EmptyState>
      }
      columns={["Run", "State", "Works", "Failed", "Skipped", ["Started", "started"]]}
      hasActions={false}
      rows={(rows) => <TestRunRows runs={rows} />}
    />
  );
}
