"use client";

import { IconPlus } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import classes from "./list-footer.module.css";

type AddButtonProps = { label: string; dialog: (close: () => void) => ReactNode };

export function AddButton({ label, dialog }: AddButtonProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button
        type="button"
        className={classes.add}
        aria-label={label}
        onClick={() => setOpen(true)}
      >
        <IconPlus size={26} stroke={2} />
      </button>
      {isOpen && dialog(() => setOpen(false))}
    </>
  );
}
