import { Children, type ReactNode } from "react";
import { listHref, type ViewCount } from "@/lib/kernel/paging/schema";
import { type FilterChip, FilterChips } from "./filter-chips";
import { FilterFold } from "./filter-fold";
import classes from "./list-filters.module.css";

/** What the address of a list says. */
type Shown = Parameters<typeof listHref>[1] & { view?: string | undefined };

type ListFiltersProps = {
  path: string;
  params: Shown;
  views: readonly (ViewCount & { label: string })[];
  /** The views that have their chips also when they show nothing. */
  always?: readonly string[];
  /** What the list is narrowed to that nothing else shows: by the name in its address, and what it says. */
  on?: readonly ChosenFilter[];
  /** Everything else that it can be narrowed to. */
  children?: ReactNode;
};

export type ChosenFilter = { name: string; label: string };

/** The views of a list with their counts, and everything else that it can be narrowed to. */
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

/** What the list is narrowed to by the filters that are folded: all but where it stands, and what is shown beside them. */
function countFolded({ params, on = [] }: ListFiltersProps): number {
  const others = new Set([...NO_FILTERS, ...on.map(({ name }) => name)]);
  return Object.entries(params).filter(([name, value]) => value && !others.has(name)).length;
}

const NO_FILTERS = ["after", "before", "row", "limit", "search", "sort", "direction", "view"];

/** Those that show something, the one that is on, and those that are always there. */
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
