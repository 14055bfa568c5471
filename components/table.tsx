import type { ReactNode } from "react";
import classes from "./table.module.css";

type TableProps = {
  head: ReactNode;
  label?: string;
  isShort?: boolean;
  children: ReactNode;
};

/** Cards on narrow screens (table.module.css). */
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
