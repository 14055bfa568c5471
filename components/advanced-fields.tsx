import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import classes from "./advanced-fields.module.css";

type AdvancedFieldsProps = { hint: string; isOpen?: boolean; children: ReactNode };

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
