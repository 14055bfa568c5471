import type { ReactNode } from "react";
import classes from "./table.module.css";

type TableProps = {
  /** The cells of the first row. */
  head: ReactNode;
  /** What it is called, where no heading above it says so. */
  label?: string;
  /** Its rows have little in them. */
  isShort?: boolean;
  children: ReactNode;
};

/** Rows of one kind; where it is narrow each becomes a card (table.module.css). */
export function Table({ head, label, isShort = false, children }: TableProps) {
  return (
    <div className={isShort ? `${classes.frame} ${classes.short}` : classes.frame}>
      <table aria-label={label}>
        <thead>
          <tr>{head}</tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </div>
  );
}
