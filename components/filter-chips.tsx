"use client";

import Link from "next/link";
import classes from "./filter-chips.module.css";
import { pageAt } from "./routes";

export type FilterChip = {
  label: string;
  /** With this filter, or without it when it is on. */
  href: string;
  isOn: boolean;
  total?: { count: number; isCapped: boolean };
};

type FilterChipsProps = { label: string; chips: FilterChip[] };

export function FilterChips({ label, chips }: FilterChipsProps) {
  if (chips.length === 0) return null;
  return (
    <nav aria-label={label} className={classes.nav}>
      <ul className={classes.chips}>
        {chips.map((chip) => (
          <li key={chip.label}>
            <Chip chip={chip} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Chip({ chip: { label, href, isOn, total } }: { chip: FilterChip }) {
  return (
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
  );
}
