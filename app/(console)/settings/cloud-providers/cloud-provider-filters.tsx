import { dayText } from "@/components/day";
import { FilterSelect } from "@/components/filter-select";
import { type ChosenFilter, ListFilters } from "@/components/list-filters";
import { stateLabel } from "@/components/state-badge";
import type { ListParams, ViewCount } from "@/lib/kernel/paging/schema";
import { PLATFORM_TABLE } from "@/lib/oauth/schema";
import {
  type CloudProviderFilters as Filters,
  PROVIDER_VIEW_LABELS,
  type ProviderView,
  SHOWN_PROVIDER_STATES,
} from "@/lib/registrations/filters/schema";
import type { CloudChoice, CloudProviderSort } from "@/lib/registrations/schema";

type CloudProviderFiltersProps = {
  path: string;
  params: ListParams<CloudProviderSort> & Filters;
  counts: ViewCount<ProviderView>[];
  clouds: CloudChoice[];
};

/** The views of the list with their counts, and everything else that it can be narrowed to. */
export function CloudProviderFilters({ path, params, counts, clouds }: CloudProviderFiltersProps) {
  return (
    <ListFilters
      path={path}
      params={params}
      counts={counts}
      labels={PROVIDER_VIEW_LABELS}
      always="attention"
      on={ending(params)}
    >
      <FilterSelect
        name="shownState"
        label="Status"
        all="All states"
        options={SHOWN_PROVIDER_STATES.map((value) => ({ value, label: stateLabel(value) }))}
      />
      <FilterSelect
        name="service"
        label="Service"
        all="All services"
        options={Object.entries(PLATFORM_TABLE).map(([value, { label }]) => ({ value, label }))}
      />
      <FilterSelect
        name="cloud"
        label="Cloud"
        all="All clouds"
        options={clouds.map(({ id, label }) => ({ value: id, label }))}
      />
    </ListFilters>
  );
}

const ENDING = {
  secret: "Secret expires",
  certificate: "Certificate expires",
  replacement: "Credential to be replaced",
  sign_in: "Sign-ins end",
} as const;

/** What ends and when, in one chip each. */
function ending({ expires, expiresFrom, expiresTo }: Filters): ChosenFilter[] {
  const day = (text: string) => dayText(new Date(text));
  return [
    ...(expires ? [{ name: "expires", label: ENDING[expires] }] : []),
    ...(expiresFrom ? [{ name: "expiresFrom", label: `From ${day(expiresFrom)}` }] : []),
    ...(expiresTo ? [{ name: "expiresTo", label: `Until ${day(expiresTo)}` }] : []),
  ];
}
