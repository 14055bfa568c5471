import type { Route } from "next";
import Link from "next/link";
import type { ReactElement, ReactNode } from "react";
import { pageAt } from "./routes";
import classes from "./table.module.css";

type TableProps = {
  columns: readonly (string | ReactElement)[];
  hasActions?: boolean;
  label?: string;
  isShort?: boolean;
  /** The pages of its rows lead back here. */
  comesBack?: boolean;
  children: ReactNode;
};

/** Cards on narrow screens (table.module.css). */
export function Table(props: TableProps) {
  const { columns, hasActions = false, label, isShort = false, comesBack, children } = props;
  return (
    <div className={isShort ? `${classes.frame} ${classes.short}` : classes.frame}>
      <table aria-label={label} data-comes-back={comesBack}>
        <thead>
          <tr>
            {columns.map((each) => (typeof each === "string" ? <th key={each}>{each}</th> : each))}
            {hasActions && <th aria-label="Actions" />}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}

type SortHeaderProps = { label: string; sorted: "asc" | "desc" | null; href: string };

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

type RowLinkProps = {
  href: Route;
  /** `code` for identifiers, `over` for failed ones. */
  look?: "name" | "code" | "over";
  children: ReactNode;
};

/** No prefetch: a page of rows would load fifty pages. */
export function RowLink({ href, look, children }: RowLinkProps) {
  return (
    <Link
      href={href}
      prefetch={false}
      className={look ? `${classes.link} ${classes[look]}` : classes.link}
    >
      {children}
    </Link>
  );
}
