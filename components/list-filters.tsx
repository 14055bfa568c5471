import { Children, type ReactNode } from "react";
import { listHref, type ViewCount } from "@/lib/kernel/paging/schema";
import { type FilterChip, FilterChips } from "./filter-chips";
import { FilterFold } from "./filter-fold";
import classes from "./list-filters.module.css";

type Shown = Parameters<typeof listHref>[1] & { view?: string | undefined };

type ListFiltersProps = {
  path: string;
  params: Shown;
  views: readonly (ViewCount & { label: string })[];
  /** Shown even with a count of zero. */
  always?: readonly string[];
  /** Filters that no other control shows, by name in the address. */
  on?: readonly ChosenFilter[];
  children?: ReactNode;
};

export type ChosenFilter = { name: string; label: string };

export function ListFilters(props: ListFiltersProps) {
  const { path, params, on = [], children } = props;
  const chosen = on.map(({ name, label }) => ({
    label,
    href: listHref(path, params, { [name]: "" }),
    isOn: true,
  }));
  const views = viewChips(props);
  if (views.length + chosen.length + Children.count(children) === 0) return null;
  return (
    <div className={classes.row}>
      <FilterChips label="Views" chips={views} />
      <div className={classes.others}>
        <FilterChips label="Filters" chips={chosen} />
        {Children.count(children) > 1 ? (
          <FilterFold count={countFolded(props)}>{children}</FilterFold>
        ) : (
          children
        )}
      </div>
    </div>
  );
}

/** Folded filters that are set. */
function countFolded({ params, on = [] }: ListFiltersProps): number {
  const others = new Set([...NO_FILTERS, ...on.map(({ name }) => name)]);
  return Object.entries(params).filter(([name, value]) => value && !others.has(name)).length;
}

const NO_FILTERS = ["after", "before", "row", "limit", "search", "sort", "direction", "view"];

function viewChips(list: ListFiltersProps): FilterChip[] {
  const { path, params, views, always } = list;
  return views
    .filter(({ view, count }) => always?.includes(view) || count > 0 || view === params.view)
    .map(({ view, label, ...total }) => {
      const isOn = view === params.view;
      const href = listHref(path, params, { view: isOn ? "" : view });
      return { label, href, isOn, total };
    });
}
