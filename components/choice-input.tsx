"use client";

import { Combobox, Loader, TextInput, useCombobox, VisuallyHidden } from "@mantine/core";
import { type KeyboardEvent, type ReactNode, type Ref, useEffect, useState } from "react";
import { CHOICES_SHOWN, type Choice, type Choices } from "@/lib/kernel/choices/schema";
import classes from "./choice-input.module.css";
import { type SearchChoices, useChoices } from "./use-choices";

export type ChoiceInputProps = {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  withAsterisk?: boolean;
  error?: string | undefined;
  autoFocus?: boolean;
  /** Those that are shown before anybody types; they come with the page. */
  first: Choices;
  /** Asks the server. */
  find: SearchChoices;
  /** What stands for no choice; left out where there has to be one. */
  none?: string;
  /** What cannot be chosen here. */
  except?: readonly string[];
  value: Choice | null;
  onChange: (choice: Choice | null) => void;
  onBlur?: () => void;
  ref?: Ref<HTMLInputElement>;
};

/** One of any number of things: the first are listed, the others are found by typing. */
export function ChoiceInput(props: ChoiceInputProps) {
  const { first, find, none, except = [], value, onChange, onBlur, ...input } = props;
  const { autoFocus = false, ref, ...texts } = input;
  const [typed, setTyped] = useState<string | null>(null);
  const { setSearch, ...result } = useChoices({ first, find });
  const type = (text: string | null) => {
    setTyped(text);
    setSearch(text ?? "");
  };
  const combobox = useCombobox({
    onDropdownClose: () => {
      combobox.resetSelectedOption();
      type(null);
    },
  });
  const shown = result.found.filter(({ id }) => !except.includes(id));
  const isTyping = Boolean(typed?.trim());
  const firstId = isTyping ? shown[0]?.id : undefined;
  // Enter takes the first that fits what is typed.
  useEffect(() => {
    if (firstId !== undefined) combobox.selectFirstOption();
  }, [firstId, combobox.selectFirstOption]);

  const choose = (id: string) => {
    onChange(shown.find((choice) => choice.id === id) ?? null);
    combobox.closeDropdown();
  };
  const leave = () => {
    if (typed === "" && none !== undefined) onChange(null);
    combobox.closeDropdown();
    onBlur?.();
  };
  const keepInForm = (event: KeyboardEvent) => {
    // With the list open it is about the list, and never about the form around it.
    if (event.key === "Enter" && combobox.dropdownOpened) event.preventDefault();
  };
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.Target withExpandedAttribute autoComplete="off">
        <TextInput
          {...texts}
          ref={ref}
          data-autofocus={autoFocus || undefined}
          spellCheck={false}
          aria-autocomplete="list"
          aria-busy={result.isLoading}
          value={typed ?? value?.name ?? none ?? ""}
          rightSection={result.isLoading ? <Loader size={16} /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
          onClick={() => combobox.openDropdown()}
          onFocus={(event) => event.currentTarget.select()}
          onKeyDown={keepInForm}
          onBlur={leave}
          onChange={(event) => {
            type(event.currentTarget.value);
            combobox.openDropdown();
          }}
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options className={classes.options} aria-label={texts.label}>
          {none !== undefined && !isTyping && (
            <Combobox.Option value="" active={value === null} aria-selected={value === null}>
              {none}
            </Combobox.Option>
          )}
          {shown.map((choice) => (
            <Option key={choice.id} choice={choice} isChosen={choice.id === value?.id} />
          ))}
          {shown.length === 0 && <Combobox.Empty>{emptyText(result, typed ?? "")}</Combobox.Empty>}
        </Combobox.Options>
        {result.hasMore && (
          <Combobox.Footer className={classes.more}>
            Showing the first {CHOICES_SHOWN}. Type to find more.
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
      <VisuallyHidden role="status">
        {isTyping && combobox.dropdownOpened && statusText(result, shown.length)}
      </VisuallyHidden>
    </Combobox>
  );
}

function Option({ choice, isChosen }: { choice: Choice; isChosen: boolean }) {
  const { id, name, detail } = choice;
  return (
    <Combobox.Option value={id} active={isChosen} aria-selected={isChosen}>
      {name}
      {detail && <span className={classes.detail}>{detail}</span>}
    </Combobox.Option>
  );
}

type Result = Choices & { isLoading: boolean; problem: string | null };

function emptyText({ isLoading, problem }: Result, typed: string): string {
  if (problem !== null) return `The search failed. ${problem}`;
  if (isLoading) return "Searching …";
  return typed.trim() === "" ? "Nothing to choose from yet." : `Nothing matches “${typed.trim()}”.`;
}

function statusText({ isLoading, problem, hasMore }: Result, count: number): string {
  if (problem !== null) return problem;
  if (isLoading) return "";
  return hasMore ? `The first ${count} that match` : `${count} found`;
}
