"use client";

import { NativeSelect } from "@mantine/core";
import { useFilter } from "./use-filter";

type FilterSelectProps = {
  name: string;
  label: string;
  all: string;
  options: readonly { value: string; label: string }[];
};

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
