import { IconChevronDown, IconChevronUp, IconSelector } from "@tabler/icons-react";
import Link from "next/link";
import { pageAt } from "./routes";
import classes from "./table.module.css";

type SortHeaderProps = {
  label: string;
  /** The direction when the list is sorted by this column. */
  sorted: "asc" | "desc" | null;
  href: string;
};

/** A column heading that sorts: a link, so that it works before the page is hydrated. */
export function SortHeader({ label, sorted, href }: SortHeaderProps) {
  const Icon = iconOf(sorted);
  const ariaSort = { asc: "ascending", desc: "descending", none: "none" } as const;
  return (
    <th aria-sort={ariaSort[sorted ?? "none"]}>
      <Link href={pageAt(href)} className={classes.sort} prefetch={false} scroll={false}>
        {label}
        <Icon size={14} aria-hidden />
      </Link>
    </th>
  );
}

function iconOf(sorted: SortHeaderProps["sorted"]) {
  if (sorted === null) return IconSelector;
  return sorted === "asc" ? IconChevronUp : IconChevronDown;
}
