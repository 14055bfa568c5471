"use client";

import { Button, Loader } from "@mantine/core";
import { IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useState, useTransition } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Choices } from "@/lib/kernel/choices/schema";
import { useFilter } from "./use-filter";

const ChoiceInput = lazy(async () => ({ default: (await import("./choice-input")).ChoiceInput }));

type FilterChoiceProps = {
  name: string;
  label: string;
  /** An action, so the row of filters needs no script. */
  find: (input: { search: string }) => Promise<ActionResult<Choices>>;
};

/** A button until wanted: the field and its choices cost more than the rest of the row. */
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
