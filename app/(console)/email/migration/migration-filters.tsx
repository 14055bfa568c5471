import { FilterSelect } from "@/components/filter-select";
import { ListFilters } from "@/components/list-filters";
import { SERVICE_LABELS } from "@/lib/email-accounts/schema";
import type { ListParams, ViewCount } from "@/lib/kernel/paging/schema";
import { SERVICES } from "@/lib/mail/houses/schema";
import {
  type MigrationFilters as Filters,
  MIGRATION_VIEW_LABELS,
  type MigrationSort,
  type MigrationView,
} from "@/lib/migration/schema";

type MigrationFiltersProps = {
  path: string;
  params: ListParams<MigrationSort> & Filters;
  counts: ViewCount<MigrationView>[];
};

export function MigrationFilters({ path, params, counts }: MigrationFiltersProps) {
  return (
    <ListFilters path={path} params={params} counts={counts} labels={MIGRATION_VIEW_LABELS}>
      <FilterSelect
        name="service"
        label="Service"
        all="All services"
        options={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
      />
    </ListFilters>
  );
}
