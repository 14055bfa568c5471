import {
  searchCloudProvidersAction,
  searchContactListsAction,
  searchDelegatesAction,
} from "@/app/(console)/choices/actions";
import { Can } from "@/components/can";
import { FilterChoice } from "@/components/filter-choice";
import { FilterSelect } from "@/components/filter-select";
import { type ChosenFilter, ListFilters } from "@/components/list-filters";
import {
  ACCOUNT_VIEW_LABELS,
  type AccountView,
  type AccountFilters as Filters,
} from "@/lib/email-accounts/filters/schema";
import {
  type EmailAccountSort,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "@/lib/email-accounts/schema";
import type { ListParams, ViewCount } from "@/lib/kernel/paging/schema";
import { SERVICES } from "@/lib/mail/schema";
import { findRemedy } from "@/lib/remedies/catalogue";

type AccountFiltersProps = {
  path: string;
  params: ListParams<EmailAccountSort> & Filters;
  counts: ViewCount<AccountView>[];
  /** What the filters by id are called. */
  named: { providerName: string | undefined; listName: string | undefined };
};

/** The views of the list with their counts, and everything else that it can be narrowed to. */
export function AccountFilters({ path, params, counts, named }: AccountFiltersProps) {
  return (
    <ListFilters
      path={path}
      params={params}
      counts={counts}
      labels={ACCOUNT_VIEW_LABELS}
      always="attention"
      on={chosen(params, named)}
    >
      <FilterChoice name="cloudProviderId" label="Provider" find={searchCloudProvidersAction} />
      <Can permission="contacts:read">
        <FilterChoice name="contactListId" label="List" find={searchContactListsAction} />
      </Can>
      <FilterChoice name="delegate" label="Delegate" find={searchDelegatesAction} />
      <FilterSelect
        name="service"
        label="Service"
        all="All services"
        options={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
      />
      <FilterSelect
        name="testSchedule"
        label="Test schedule"
        all="All schedules"
        options={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
      />
    </ListFilters>
  );
}

function chosen(params: Filters, named: AccountFiltersProps["named"]): ChosenFilter[] {
  const { cloudProviderId, contactListId, delegate, importId, failedInTestRun, failedWith } =
    params;
  const { providerName = "deleted", listName = "deleted" } = named;
  return [
    ...(cloudProviderId ? [{ name: "cloudProviderId", label: `Provider: ${providerName}` }] : []),
    ...(contactListId ? [{ name: "contactListId", label: `List: ${listName}` }] : []),
    ...(delegate ? [{ name: "delegate", label: `Delegate: ${delegate}` }] : []),
    ...(importId ? [{ name: "importId", label: "From one import" }] : []),
    ...(failedInTestRun ? [{ name: "failedInTestRun", label: "Failed in a test run" }] : []),
    ...(failedWith ? [{ name: "failedWith", label: `Cause: ${causeText(failedWith)}` }] : []),
  ];
}

/** The title of its remedy, as a part of a label. */
function causeText(failedWith: string): string {
  return findRemedy(failedWith).title.replace(/\.$/, "");
}
