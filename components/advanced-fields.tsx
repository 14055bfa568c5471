import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./advanced-fields.module.css";

type AdvancedFieldsProps = {
  /** What is in it, in a few words. */
  hint: string;
  /** Where something in it is other than usual. */
  isOpen?: boolean;
  children: ReactNode;
};

/** What most people leave as it is, folded. Its fields stay part of the form. */
export function AdvancedFields({ hint, isOpen = false, children }: AdvancedFieldsProps) {
  return (
    <details className={classes.advanced} open={isOpen}>
      <summary>
        Advanced <span className={classes.hint}>{hint}</span>
      </summary>
      <Stack pt="md">{children}</Stack>
    </details>
  );
}
