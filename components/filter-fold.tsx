"use client";

import { Button } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { type ReactNode, useId, useState } from "react";
import classes from "./list-filters.module.css";

type FilterFoldProps = {
  count: number;
  className?: string | undefined;
  children: ReactNode;
};

export function FilterFold({ count, className = classes.others, children }: FilterFoldProps) {
  const [isOpen, setOpen] = useState(false);
  const id = useId();
  return (
    <div className={classes.fold}>
      <Button
        size="xs"
        variant="default"
        fw={400}
        aria-expanded={isOpen}
        aria-controls={id}
        rightSection={<IconChevronDown size={14} />}
        onClick={() => setOpen(!isOpen)}
      >
        {count === 0 ? "Filters" : `Filters (${count})`}
      </Button>
      <div id={id} className={`${className} ${classes.folded}`} data-open={isOpen || undefined}>
        {children}
      </div>
    </div>
  );
}
