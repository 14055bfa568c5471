"use client";

import { NativeSelect } from "@mantine/core";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useTransition } from "react";
import { pageAt } from "./routes";

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
  const router = useRouter();
  const pathname = usePathname();
  const searchParams = useSearchParams();
  const [isBusy, start] = useTransition();

  const choose = (value: string) => {
    const params = new URLSearchParams(searchParams);
    for (const cursor of ["after", "before", "from"]) params.delete(cursor);
    if (value) params.set(name, value);
    else params.delete(name);
    start(() => router.replace(pageAt(`${pathname}?${params}`), { scroll: false }));
  };

  return (
    <NativeSelect
      aria-label={label}
      aria-busy={isBusy}
      size="xs"
      value={searchParams.get(name) ?? ""}
      data={[{ value: "", label: all }, ...options]}
      onChange={(event) => choose(event.currentTarget.value)}
    />
  );
}
