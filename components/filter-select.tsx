"use client";

import { NativeSelect } from "@mantine/core";
import { useFilter } from "./use-filter";

type FilterSelectProps = {
  /** Of the address. */
  name: string;
  label: string;
  /** Shown when nothing is chosen. */
  all: string;
  options: readonly { value: string; label: string }[];
};

/** One filter of a list with few choices: the choice is part of the page's address. */
export function FilterSelect({ name, label, all, options }: FilterSelectProps) {
  const { get, set, isBusy } = useFilter();
  return (
    <NativeSelect
      aria-label={label}
      aria-busy={isBusy}
      size="xs"
      value={get(name)}
      data={[{ value: "", label: all }, ...options]}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
}
