"use client";

import { Button, CloseButton, Loader, NativeSelect, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconChevronDown, IconSearch } from "@tabler/icons-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { lazy, type ReactNode, Suspense, useEffect, useId, useState, useTransition } from "react";
import type { ActionResult } from "@/lib/http/schema";
import type { Choices } from "@/lib/kernel/choices/schema";
import { leaveAs } from "./links";
import classes from "./list-filters.module.css";
import { pageAt } from "./routes";

/** A new filter begins at the first page. */
const PLACES = ["after", "before", "row"] as const;

/** In the address, so a link is a view; empty text removes it. */
export function useFilter() {
  const router = useRouter();
  const pathname = usePathname();
  const searchParams = useSearchParams();
  const [isBusy, start] = useTransition();
  useEffect(() => leaveAs(pathname, searchParams), [pathname, searchParams]);
  const go = (params: URLSearchParams) =>
    start(() => router.replace(pageAt(`${pathname}?${params}`), { scroll: false }));
  const set = (name: string, value: string) => {
    const params = new URLSearchParams(searchParams);
    for (const place of PLACES) params.delete(place);
    if (value) params.set(name, value);
    else params.delete(name);
    go(params);
  };
  return {
    get: (name: string) => searchParams.get(name) ?? "",
    set,
    clear: () => go(new URLSearchParams()),
    isBusy,
  };
}

export function SearchField({ label, maxLength = 200 }: { label: string; maxLength?: number }) {
  const { get, set, isBusy } = useFilter();
  const [text, setText] = useState(get("search"));
  const search = useDebouncedCallback((value: string) => set("search", value), 250);

  const change = (value: string) => {
    setText(value);
    search(value);
  };

  return (
    <TextInput
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder={label}
      value={text}
      maxLength={maxLength}
      w={{ base: "100%", sm: 280 }}
      leftSection={isBusy ? <Loader size={16} /> : <IconSearch size={16} />}
      rightSection={
        text && <CloseButton size="sm" aria-label="Clear the search" onClick={() => change("")} />
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

export type FilterSelectProps = {
  name: string;
  label: string;
  all: string;
  /** Labels by value. */
  options: Readonly<Record<string, string>>;
};

export function FilterSelect({ name, label, all, options }: FilterSelectProps) {
  const { get, set, isBusy } = useFilter();
  return (
    <NativeSelect
      aria-label={label}
      aria-busy={isBusy}
      size="xs"
      value={get(name)}
      data={[["", all], ...Object.entries(options)].map(([value = "", label = ""]) => ({
        value,
        label,
      }))}
      onChange={(event) => set(name, event.currentTarget.value)}
    />
  );
}

const ChoiceInput = lazy(async () => ({ default: (await import("./choice-input")).ChoiceInput }));

export type FilterChoiceProps = {
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

type FilterFoldProps = { count: number; className?: string | undefined; children: ReactNode };

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
