"use client";

import { useCombobox } from "@mantine/core";
import { type ChangeEvent, type FocusEvent, type KeyboardEvent, useEffect, useState } from "react";
import type { Choice, Choices } from "@/lib/kernel/choices/schema";
import { type Found, type SearchChoices, useChoices } from "./use-choices";

export type Choosing = {
  first: Choices;
  find: SearchChoices;
  /** Absent where a choice is required. */
  none?: string;
  except?: readonly string[];
  isBare?: boolean;
  value: Choice | null;
  onChange: (choice: Choice | null) => void;
  onBlur?: () => void;
};

export function useChoiceInput(input: Choosing) {
  const { none, except = [], isBare = false, value, onChange, onBlur } = input;
  const [draft, setDraft] = useState<string | null>(null);
  const { setSearch, ...result } = useChoices(input);
  const type = (text: string | null) => {
    setDraft(text);
    setSearch(text ?? "");
  };
  const combobox = useCombobox({
    defaultOpened: isBare,
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      type(null);
    },
  });
  const { openDropdown, closeDropdown, selectFirstOption, dropdownOpened } = combobox;
  const found: Found = { ...result, found: result.found.filter(({ id }) => !except.includes(id)) };
  const typed = draft?.trim() ?? "";
  const firstId = typed === "" ? undefined : found.found[0]?.id;
  // Enter takes the first match.
  useEffect(() => {
    if (firstId !== undefined) selectFirstOption();
  }, [firstId, selectFirstOption]);

  const choose = (id: string) => {
    onChange(found.found.find((choice) => choice.id === id) ?? null);
    closeDropdown();
  };
  const search = (value: string) => {
    type(value);
    openDropdown();
  };
  const text = draft ?? value?.name ?? none ?? "";
  const events = {
    onClick: () => openDropdown(),
    onFocus: ({ currentTarget }: FocusEvent<HTMLInputElement>) => {
      if (draft === null) currentTarget.select();
    },
    onChange: (event: ChangeEvent<HTMLInputElement>) => search(event.currentTarget.value),
    onKeyDown: (event: KeyboardEvent) => {
      // Enter belongs to the open list, not the form.
      if (event.key === "Enter" && dropdownOpened) event.preventDefault();
    },
    onBlur: () => {
      if (draft === "" && none !== undefined) onChange(null);
      closeDropdown();
      onBlur?.();
    },
  };
  return { combobox, found, typed, text, choose, events };
}
