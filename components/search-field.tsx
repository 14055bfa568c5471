"use client";

import { CloseButton, Loader, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState, useTransition } from "react";
import { pageAt } from "./routes";

const SEARCH_AFTER_MS = 250;

type SearchFieldProps = { label: string; maxLength?: number };

/** Searches as one types: the text is part of the page's address, so that it survives a reload. */
export function SearchField({ label, maxLength = 200 }: SearchFieldProps) {
  const router = useRouter();
  const pathname = usePathname();
  const searchParams = useSearchParams();
  const [text, setText] = useState(searchParams.get("search") ?? "");
  const [isSearching, startSearch] = useTransition();

  const search = useDebouncedCallback((value: string) => {
    const params = new URLSearchParams(searchParams);
    for (const cursor of ["after", "before", "from"]) params.delete(cursor);
    if (value) params.set("search", value);
    else params.delete("search");
    startSearch(() => router.replace(pageAt(`${pathname}?${params}`), { scroll: false }));
  }, SEARCH_AFTER_MS);

  const change = (value: string) => {
    setText(value);
    search(value);
  };

  return (
    <TextInput
      type="search"
      role="searchbox"
      aria-label={label}
      placeholder="Search"
      value={text}
      maxLength={maxLength}
      w={{ base: "100%", sm: 280 }}
      leftSection={isSearching ? <Loader size={16} /> : <IconSearch size={16} />}
      rightSection={
        text && <CloseButton size="sm" aria-label="Clear the search" onClick={() => change("")} />
      }
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}
