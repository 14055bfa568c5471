import { searchEmailAccountsAction } from "@/app/(console)/choices/actions";
import { FilterChoice } from "@/components/filter-choice";
import { FilterSelect } from "@/components/filter-select";
import { ListFilters } from "@/components/list-filters";
import {
  DEVICE_VIEW_LABELS,
  type DeviceSort,
  type DeviceView,
  type DeviceFilters as Filters,
  PROTOCOL_LABELS,
} from "@/lib/access/devices/schema";
import type { ListParams, ViewCount } from "@/lib/kernel/paging/schema";

type DeviceFiltersProps = {
  path: string;
  params: ListParams<DeviceSort> & Filters;
  counts: ViewCount<DeviceView>[];
  accountName: string | undefined;
};

/** The views of the list with their counts, and everything else that it can be narrowed to. */
export function DeviceFilters({ path, params, counts, accountName }: DeviceFiltersProps) {
  const { emailAccountId } = params;
  const account = { name: "emailAccountId", label: `Account: ${accountName ?? "deleted"}` };
  return (
    <ListFilters
      path={path}
      params={params}
      counts={counts}
      labels={DEVICE_VIEW_LABELS}
      on={emailAccountId ? [account] : []}
    >
      <FilterChoice name="emailAccountId" label="Account" find={searchEmailAccountsAction} />
      <FilterSelect
        name="protocol"
        label="Protocol"
        all="All protocols"
        options={Object.entries(PROTOCOL_LABELS).map(([value, label]) => ({ value, label }))}
      />
    </ListFilters>
  );
}
