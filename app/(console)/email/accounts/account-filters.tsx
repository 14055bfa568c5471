import { Group } from "@mantine/core";
import { type FilterChip, FilterChips } from "@/components/filter-chips";
import { FilterSelect } from "@/components/filter-select";
import {
  ACCOUNT_VIEW_LABELS,
  type AccountFilters as Filters,
  type ViewCount,
} from "@/lib/email-accounts/filters/schema";
import {
  type EmailAccountSort,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "@/lib/email-accounts/schema";
import { type ListParams, listHref } from "@/lib/kernel/paging/schema";
import { SERVICES } from "@/lib/mail/schema";

type AccountFiltersProps = {
  path: string;
  params: ListParams<EmailAccountSort> & Filters;
  counts: ViewCount[];
  /** What the filters by id are called. */
  named: { providerName: string | undefined; listName: string | undefined };
};

/** The views of the list with their counts, and everything else that it can be narrowed to. */
export function AccountFilters({ path, params, counts, named }: AccountFiltersProps) {
  return (
    <Group gap="xs" mb="md" justify="space-between">
      <FilterChips label="Views" chips={views({ path, params, counts })} />
      <Group gap="xs">
        <FilterChips label="Filters" chips={byId({ path, params, named })} />
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
      </Group>
    </Group>
  );
}

/** The first always; of the others those that show something, and the one that is on. */
function views({ path, params, counts }: Omit<AccountFiltersProps, "named">): FilterChip[] {
  return counts
    .filter(({ view, count }) => view === "attention" || count > 0 || view === params.view)
    .map(({ view, ...total }) => {
      const isOn = view === params.view;
      const href = listHref(path, params, { view: isOn ? "" : view });
      return { label: ACCOUNT_VIEW_LABELS[view], href, isOn, total };
    });
}

function byId({ path, params, named }: Omit<AccountFiltersProps, "counts">): FilterChip[] {
  const chips: FilterChip[] = [];
  const { providerName, listName } = named;
  if (params.cloudProviderId) {
    const href = listHref(path, params, { cloudProviderId: "" });
    chips.push({ label: `Provider: ${providerName ?? "deleted"}`, href, isOn: true });
  }
  if (params.contactListId) {
    const href = listHref(path, params, { contactListId: "" });
    chips.push({ label: `List: ${listName ?? "deleted"}`, href, isOn: true });
  }
  if (params.failedInTestRun) {
    const href = listHref(path, params, { failedInTestRun: "" });
    chips.push({ label: "Failed in a test run", href, isOn: true });
  }
  return chips;
}
