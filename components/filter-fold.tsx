"use client";

import { Button } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "./list-filters.module.css";

/** Several filters of a list: beside its views, and folded on a phone. */
export function FilterFold({ children }: { children: ReactNode }) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className={classes.fold}>
      <Button
        hiddenFrom="sm"
        size="xs"
        variant="default"
        fw={400}
        aria-expanded={isOpen}
        aria-controls={id}
        rightSection={<IconChevronDown size={14} />}
        onClick={() => setOpen(!isOpen)}
      >
        Filters
      </Button>
      <div
        id={id}
        className={`${classes.others} ${classes.folded}`}
        data-open={isOpen || undefined}
      >
        {children}
      </div>
    </div>
  );
}
