import { IconPlugConnected } from "@tabler/icons-react";
import type { Metadata } from "next";
import { EmptyState, NothingFound } from "@/components/empty-state";
import { LinkButton } from "@/components/links";
import { ListFilters } from "@/components/list-filters";
import { ListFooter } from "@/components/list-footer";
import { Page } from "@/components/page";
import { SearchField } from "@/components/search-field";
import { SortHeader } from "@/components/sort-header";
import { Table } from "@/components/table";
import { UnknownFilters } from "@/components/unknown-filters";
import { countTestRunViews, listTestRuns } from "@/lib/checks/runs/queries";
import {
  TEST_RUN_SORTS,
  TEST_RUN_VIEW_LABELS,
  type TestRunRow,
  type TestRunSort,
  testRunFilterSchema,
  testRunState,
} from "@/lib/checks/runs/schema";
import { requireUser } from "@/lib/http/auth/session";
import {
  type ListParams,
  listHref,
  listParamsSchema,
  placeOf,
  readFilters,
  sortLink,
} from "@/lib/kernel/paging/schema";
import { counted } from "@/lib/kernel/text/schema";
import { type ShownTestRun, TestRunRows } from "../test-run-rows";

export const metadata: Metadata = { title: "Test runs" };

const PATH = "/email/accounts/tests";
const paramsSchema = listParamsSchema(TEST_RUN_SORTS, { direction: "desc" });

export default async function TestRunsPage({ searchParams }: PageProps<typeof PATH>) {
  const actor = await requireUser();
  const query = await searchParams;
  const { filters, unknown } = readFilters(testRunFilterSchema, query);
  const params = { ...paramsSchema.parse(query), ...filters };
  const [{ rows, ...page }, counts] = await Promise.all([
    listTestRuns(actor, params),
    countTestRunViews(actor, params.search),
  ]);
  const isNarrowed = params.search !== "" || filters.view !== undefined;
  const isNew = rows.length === 0 && !isNarrowed;
  return (
    <Page
      title="Test runs"
      description="Bulk connection tests and their results."
      parent={{ href: "/email/accounts", label: "Email Accounts" }}
      actions={isNew ? undefined : <SearchField label="Search who started them" />}
      footer={
        !isNew && (
          <ListFooter
            page={{ ...page, ...placeOf(params), shown: rows.length }}
            hrefOf={(cursor) => listHref(PATH, params, cursor)}
            noun={{ one: "test run", many: "test runs" }}
          />
        )
      }
    >
      <UnknownFilters unknown={unknown} noun="test runs" />
      {!isNew && (
        <ListFilters path={PATH} params={params} counts={counts} labels={TEST_RUN_VIEW_LABELS} />
      )}
      {isNew && (
        <EmptyState
          icon={<IconPlugConnected size={40} stroke={1.3} />}
          title="No test runs yet"
          action={
            <LinkButton href="/email/accounts" mt="md" variant="default">
              Open Email Accounts
            </LinkButton>
          }
        >
          Select email accounts in their list, or press Test all above it.
        </EmptyState>
      )}
      {!isNew && rows.length === 0 && (
        <NothingFound href={PATH} all="Show all test runs">
          No test run is in this view.
        </NothingFound>
      )}
      {rows.length > 0 && <TestRunTable runs={rows} params={params} />}
    </Page>
  );
}

type TestRunTableProps = { runs: TestRunRow[]; params: ListParams<TestRunSort> };

function TestRunTable({ runs, params }: TestRunTableProps) {
  return (
    <Table
      head={
        <>
          <SortHeader label="Run" {...sortLink(PATH, params, "total")} />
          <SortHeader label="State" {...sortLink(PATH, params, "state")} />
          <SortHeader label="Works" {...sortLink(PATH, params, "works")} />
          <SortHeader label="Failed" {...sortLink(PATH, params, "failed")} />
          <SortHeader label="Skipped" {...sortLink(PATH, params, "skipped")} />
          <SortHeader label="Started" {...sortLink(PATH, params, "started")} />
        </>
      }
    >
      <TestRunRows runs={runs.map(toShown)} />
    </Table>
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
