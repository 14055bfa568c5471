"use client";

import {
  Combobox,
  type ComboboxStore,
  Loader,
  TextInput,
  useCombobox,
  VisuallyHidden,
} from "@mantine/core";
import {
  type ChangeEvent,
  type FocusEvent,
  type KeyboardEvent,
  type ReactNode,
  type Ref,
  useEffect,
  useEffectEvent,
  useState,
} from "react";
import { type FieldPathByValue, type FieldValues, useController } from "react-hook-form";
import { type Choice, type Choices, isNamed } from "@/lib/kernel/choices/schema";
import { type BadgeState, StateBadge } from "./badge";
import classes from "./choice-input.module.css";
import { knownChoice, rememberChoice } from "./known-choices";
import { type Found, type SearchChoices, useChoices } from "./use-choices";

export type ChoiceInputProps = Choosing & {
  label: string;
  description?: ReactNode;
  placeholder?: string;
  withAsterisk?: boolean;
  error?: string | undefined;
  autoFocus?: boolean;
  ref?: Ref<HTMLInputElement>;
};

export function ChoiceInput(props: ChoiceInputProps) {
  const { first, find, none, except, value, onChange, onBlur, ...input } = props;
  const { autoFocus = false, isBare = false, label, ...texts } = input;
  const { combobox, found, text, typed, choose, events } = useChoiceInput(props);
  return (
    <Combobox store={combobox} onOptionSubmit={choose}>
      <Combobox.Target withExpandedAttribute autoComplete="off">
        <TextInput
          {...texts}
          {...(isBare ? { "aria-label": label, placeholder: `${label} …`, size: "xs" } : { label })}
          {...events}
          autoFocus={isBare}
          data-autofocus={autoFocus || isBare || undefined}
          spellCheck={false}
          aria-autocomplete="list"
          aria-busy={found.isLoading}
          value={text}
          rightSection={found.isLoading ? <Loader size={16} /> : <Combobox.Chevron />}
          rightSectionPointerEvents="none"
        />
      </Combobox.Target>
      <Combobox.Dropdown>
        <Combobox.Options className={classes.options} aria-label={label}>
          {none !== undefined && typed === "" && (
            <Option choice={{ id: "", name: none }} isChosen={value === null} />
          )}
          {found.found.map((choice) => (
            <Option key={choice.id} choice={choice} isChosen={choice.id === value?.id} />
          ))}
        </Combobox.Options>
        {found.found.length === 0 && <Combobox.Empty>{emptyText(found, typed)}</Combobox.Empty>}
        {found.hasMore && (
          <Combobox.Footer className={classes.more}>
            Showing the first {found.found.length}. Type to find more.
          </Combobox.Footer>
        )}
      </Combobox.Dropdown>
      <VisuallyHidden role="status">
        {typed !== "" && combobox.dropdownOpened && statusText(found)}
      </VisuallyHidden>
    </Combobox>
  );
}

function Option({ choice, isChosen }: { choice: Choice; isChosen: boolean }) {
  const { id, name, detail, state } = choice;
  return (
    <Combobox.Option value={id} active={isChosen} aria-selected={isChosen}>
      {name}
      {detail && <span className={classes.detail}>{detail}</span>}
      {/* the database knows no other states */}
      {state && <StateBadge state={state as BadgeState} />}
    </Combobox.Option>
  );
}

function emptyText({ isLoading, problem }: Found, typed: string): string {
  if (problem !== null) return `The search failed. ${problem}`;
  if (isLoading) return "Searching …";
  return typed === "" ? "Nothing to choose from yet." : `Nothing matches “${typed}”.`;
}

function statusText({ isLoading, problem, hasMore, found }: Found): string {
  if (problem !== null) return problem;
  if (isLoading) return "";
  return hasMore ? `The first ${found.length} that match` : `${found.length} found`;
}

type Choosing = {
  first: Choices;
  find: SearchChoices;
  none?: string;
  except?: readonly string[];
  isBare?: boolean;
  value: Choice | null;
  onChange: (choice: Choice | null) => void;
  onBlur?: () => void;
};

function useChoiceInput(input: Choosing) {
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
  const { openDropdown, closeDropdown, dropdownOpened } = combobox;
  const found: Found = { ...result, found: result.found.filter(({ id }) => !except.includes(id)) };
  const typed = draft?.trim() ?? "";
  const firstId = typed === "" ? undefined : found.found[0]?.id;
  const choose = (id: string) => {
    onChange(found.found.find((choice) => choice.id === id) ?? null);
    closeDropdown();
  };
  const first = useFirst(combobox, { id: firstId, isLoading: found.isLoading, choose });
  const search = (value: string) => {
    first.forget();
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
      if (event.key !== "Enter" || !dropdownOpened) return;
      event.preventDefault();
      const [known] = found.found;
      if (found.isLoading && !(known && isNamed(known, typed))) first.await();
    },
    onBlur: () => {
      if (first.isAwaited) return onBlur?.();
      if (draft === "" && none !== undefined) onChange(null);
      // What was typed in full is meant, also with Tab.
      const named = found.found.filter((choice) => typed !== "" && isNamed(choice, typed));
      if (named.length === 1) onChange(named[0] ?? null);
      closeDropdown();
      onBlur?.();
    },
  };
  return { combobox, found, typed, text, choose, events };
}

type First = { id: string | undefined; isLoading: boolean; choose: (id: string) => void };

/** Enter takes the first match, also where it was pressed before the answer. */
function useFirst(combobox: ComboboxStore, { id, isLoading, choose }: First) {
  const [isAwaited, setAwaited] = useState(false);
  const { selectFirstOption, resetSelectedOption } = combobox;
  useEffect(() => {
    if (id !== undefined) selectFirstOption();
  }, [id, selectFirstOption]);
  const take = useEffectEvent(() => {
    setAwaited(false);
    if (id !== undefined) choose(id);
  });
  useEffect(() => {
    if (isAwaited && !isLoading) take();
  }, [isAwaited, isLoading]);
  const forget = () => setAwaited(false);
  return {
    isAwaited,
    forget,
    await: () => {
      resetSelectedOption();
      setAwaited(true);
    },
  };
}

type ChoiceFieldProps<V extends FieldValues> = Omit<
  ChoiceInputProps,
  "value" | "onChange" | "onBlur" | "error" | "ref"
> & {
  name: FieldPathByValue<V, string | null | undefined>;
  chosen: Choice | null;
  onChosen?: (choice: Choice | null) => void;
};

export function ChoiceField<V extends FieldValues>(props: ChoiceFieldProps<V>) {
  const { name, chosen, onChosen, ...input } = props;
  const { field, fieldState } = useController<V>({ name });
  const [last, setLast] = useState<Choice | null>(null);
  const known = [last, chosen, ...input.first.found, knownChoice(field.value)];
  const choose = (choice: Choice | null) => {
    setLast(choice);
    rememberChoice(choice);
    field.onChange(choice?.id ?? null);
    onChosen?.(choice);
  };
  return (
    <ChoiceInput
      {...input}
      ref={field.ref}
      value={known.find((choice) => choice?.id === field.value) ?? null}
      error={fieldState.error?.message}
      onChange={choose}
      onBlur={field.onBlur}
    />
  );
}
