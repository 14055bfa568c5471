"use client";

import { Button, Loader } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useState, useTransition } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Choices } from "@/lib/kernel/choices/schema";
import { useFilter } from "./use-filter";

const ChoiceInput = lazy(async () => ({ default: (await import("./choice-input")).ChoiceInput }));

type FilterChoiceProps = {
  /** Of the address, which has the id of what was chosen; a chip beside it shows the name. */
  name: string;
  label: string;
  /** An action, so that the filters around it need nothing of the browser. */
  find: (input: { search: string }) => Promise<ActionResult<Choices>>;
};

/**
 * One filter of a list with any number of choices. A button until it is wanted: the field and its first
 * choices cost more than the rest of the row.
 */
export function FilterChoice({ name, label, find }: FilterChoiceProps) {
  const { set, isBusy } = useFilter();
  const [first, setFirst] = useState<Choices | null>(null);
  const [isLoading, startLoading] = useTransition();
  const open = () =>
    startLoading(async () => {
      const result = await find({ search: "" });
      setFirst(result.ok ? result.data : { found: [], hasMore: false });
    });
  if (first === null)
    return (
      <Button
        size="xs"
        variant="default"
        fw={400}
        aria-haspopup="listbox"
        rightSection={isLoading || isBusy ? <Loader size={12} /> : <IconChevronDown size={14} />}
        onClick={open}
      >
        {label}
      </Button>
    );
  return (
    <Suspense fallback={<Loader size={16} />}>
      <ChoiceInput
        label={label}
        isBare
        first={first}
        find={(search) => find({ search })}
        value={null}
        onChange={(choice) => {
          setFirst(null);
          if (choice) set(name, choice.id);
        }}
        onBlur={() => setFirst(null)}
      />
    </Suspense>
  );
}
