"use client";

import Link from "next/link";
import { pageAt } from "./routes";
import classes from "./table.module.css";

type SortHeaderProps = {
  label: string;
  /** The direction when the list is sorted by this column. */
  sorted: "asc" | "desc" | null;
  href: string;
};

const ARIA_SORT = { asc: "ascending", desc: "descending", none: "none" } as const;

/** A column heading that sorts: a link, so that it works before the page is hydrated. Its arrow is the style sheet's. */
export function SortHeader({ label, sorted, href }: SortHeaderProps) {
  return (
    <th aria-sort={ARIA_SORT[sorted ?? "none"]}>
      <Link href={pageAt(href)} className={classes.sort} prefetch={false} scroll={false}>
        {label}
      </Link>
    </th>
  );
}
