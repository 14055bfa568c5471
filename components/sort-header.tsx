"use client";

import Link from "next/link";
import { pageAt } from "./routes";
import classes from "./table.module.css";

type SortHeaderProps = {
  label: string;
  sorted: "asc" | "desc" | null;
  href: string;
};

const ARIA_SORT = { asc: "ascending", desc: "descending", none: "none" } as const;

/** A link, so that it works before hydration. */
export function SortHeader({ label, sorted, href }: SortHeaderProps) {
  return (
    <th aria-sort={ARIA_SORT[sorted ?? "none"]}>
      <Link href={pageAt(href)} className={classes.sort} prefetch={false} scroll={false}>
        {label}
      </Link>
    </th>
  );
}
