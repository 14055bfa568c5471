import type { ReactElement, ReactNode } from "react";
import classes from "./table.module.css";

type TableProps = {
  columns: readonly (string | ReactElement)[];
  hasActions?: boolean;
  label?: string;
  isShort?: boolean;
  children: ReactNode;
};

/** Cards on narrow screens (table.module.css). */
export function Table(props: TableProps) {
  const { columns, hasActions = false, label, isShort = false, children } = props;
  return (
    <div className={isShort ? `${classes.frame} ${classes.short}` : classes.frame}>
      <table aria-label={label}>
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
