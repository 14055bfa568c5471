import type { ReactNode } from "react";
import classes from "./row-selection.module.css";

type SelectCellProps = {
  box: { name: string; value: string; label: string };
  isSelectable?: boolean;
  children: ReactNode;
};

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
