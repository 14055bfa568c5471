import type { ReactNode } from "react";
import classes from "./row-selection.module.css";

type SelectCellProps = {
  /** The box that ticks the row: the name of all boxes, what it stands for, and what the row is called. */
  box: { name: string; value: string; label: string };
  /** Whether there is anything to select rows for. */
  isSelectable?: boolean;
  children: ReactNode;
};

/** The first cell of a row that can be selected: a box before what it is called. For `RowSelection`. */
export function SelectCell({ box, isSelectable = true, children }: SelectCellProps) {
  const { name, value, label } = box;
  return (
    <div className={classes.named}>
      {isSelectable && (
        <input
          type="checkbox"
          name={name}
          value={value}
          className={classes.box}
          aria-label={`Select ${label}`}
          data-label={label}
        />
      )}
      <div>{children}</div>
    </div>
  );
}
