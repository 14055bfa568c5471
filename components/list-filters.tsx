import { Alert } from "@mantine/core";
import Link from "next/link";
import { Children, type ReactNode } from "react";
import { listHref, type ViewCount } from "@/lib/kernel/paging/schema";
import { FilterFold } from "./filters";
import classes from "./list-filters.module.css";
import { pageAt } from "./routes";

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

type FilterChip = {
  label: string;
  /** With this filter, or without it when it is on. */
  href: string;
  isOn: boolean;
  total?: { count: number; isCapped: boolean };
};

function FilterChips({ label, chips }: { label: string; chips: FilterChip[] }) {
  if (chips.length === 0) return null;
  return (
    <nav aria-label={label} className={classes.nav}>
      <ul className={classes.chips}>
        {chips.map(({ label, href, isOn, total }) => (
          <li key={label}>
            <Link
              href={pageAt(href)}
              className={classes.chip}
              prefetch={false}
              scroll={false}
              aria-current={isOn ? "true" : undefined}
              title={isOn ? "Show all again" : undefined}
            >
              {label}
              {total && (
                <span className={classes.count}>
                  {total.count.toLocaleString("en")}
                  {total.isCapped && "+"}
                </span>
              )}
              {isOn && (
                <span aria-hidden className={classes.off}>
                  ✕
                </span>
              )}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** Without them the list shows other rows than the link meant. */
export function UnknownFilters({ unknown, noun }: { unknown: string[]; noun: string }) {
  if (unknown.length === 0) return null;
  return (
    <Alert color="yellow" mb="md" title="Part of this address is unknown">
      {unknown.join(", ")} {unknown.length === 1 ? "was" : "were"} left out. The list may show more{" "}
      {noun} than the link meant.
    </Alert>
  );
}
