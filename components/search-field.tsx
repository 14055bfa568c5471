"use client";

import { CloseButton, Loader, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { useState } from "react";
import { useFilter } from "./use-filter";

const SEARCH_AFTER_MS = 250;

type SearchFieldProps = { label: string; maxLength?: number };

/** In the address, so it survives a reload. */
export function SearchField({ label, maxLength = 200 }: SearchFieldProps) {
  const { get, set, isBusy } = useFilter();
  const [text, setText] = useState(get("search"));
  const search = useDebouncedCallback((value: string) => set("search", value), SEARCH_AFTER_MS);

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
