"use client";

import { Loader } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import classes from "./list-footer.module.css";

type AddButtonProps = { label: string; isBusy?: boolean; onClick: () => void };

/** The + button at the lower right, of what is created in a dialog. */
export function AddButton({ label, isBusy = false, onClick }: AddButtonProps) {
  return (
    <button
      type="button"
      className={classes.add}
      aria-label={label}
      aria-busy={isBusy}
      disabled={isBusy}
      onClick={onClick}
    >
      {isBusy ? <Loader size={22} color="white" /> : <IconPlus size={26} stroke={2} />}
    </button>
  );
}
