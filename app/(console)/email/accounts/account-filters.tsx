import {
  searchDelegatesAction,
  searchListsOfAccountsAction,
  searchProvidersOfAccountsAction,
  searchSchedulesOfAccountsAction,
  searchServicesOfAccountsAction,
} from "@/app/(console)/choices/actions";
import { Can } from "@/components/can";
import { FilterChoice } from "@/components/filter-choice";
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
} from "@/lib/email-accounts/schema";
import type { ListParams, ViewCount } from "@/lib/kernel/paging/schema";
import { SERVICES } from "@/lib/mail/houses/schema";
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
      <FilterChoice
        name="cloudProviderId"
        label="Provider"
        find={searchProvidersOfAccountsAction}
      />
      <Can permission="contacts:read">
        <FilterChoice name="contactListId" label="List" find={searchListsOfAccountsAction} />
      </Can>
      <FilterChoice name="delegate" label="Delegate" find={searchDelegatesAction} />
      <FilterChoice name="service" label="Service" find={searchServicesOfAccountsAction} />
      <FilterChoice
        name="testSchedule"
        label="Test schedule"
        find={searchSchedulesOfAccountsAction}
      />
    </ListFilters>
  );
}

function chosen(params: Filters, named: AccountFiltersProps["named"]): ChosenFilter[] {
  const { cloudProviderId, contactListId, delegate, importId, failedInTestRun, failedWith } =
    params;
  const { service, server, testSchedule } = params;
  const { providerName = "deleted", listName = "deleted" } = named;
  return [
    ...(cloudProviderId ? [{ name: "cloudProviderId", label: `Provider: ${providerName}` }] : []),
    ...(contactListId ? [{ name: "contactListId", label: `List: ${listName}` }] : []),
    ...(delegate ? [{ name: "delegate", label: `Delegate: ${delegate}` }] : []),
    ...(service ? [{ name: "service", label: `Service: ${SERVICE_LABELS[service]}` }] : []),
    ...(server ? [{ name: "server", label: `Server: ${serverText(server)}` }] : []),
    ...(testSchedule
      ? [{ name: "testSchedule", label: `Tested: ${TEST_SCHEDULE_LABELS[testSchedule]}` }]
      : []),
    ...(importId ? [{ name: "importId", label: "From one import" }] : []),
    ...(failedInTestRun ? [{ name: "failedInTestRun", label: "Failed in a test run" }] : []),
    ...(failedWith ? [{ name: "failedWith", label: `Cause: ${causeText(failedWith)}` }] : []),
  ];
}

/** A service by its name, a host as it is. */
function serverText(server: string): string {
  const service = SERVICES.find((id) => id === server);
  return service ? SERVICE_LABELS[service] : server;
}

/** The title of its remedy, as a part of a label. */
function causeText(failedWith: string): string {
  return findRemedy(failedWith).title.replace(/\.$/, "");
}
