"use client";

import { Combobox, Loader, TextInput, VisuallyHidden } from "@mantine/core";
import type { ReactNode, Ref } from "react";
import { CHOICES_SHOWN, type Choice } from "@/lib/kernel/choices/schema";
import classes from "./choice-input.module.css";
import { type BadgeState, StateBadge } from "./state-badge";
import { type Choosing, useChoiceInput } from "./use-choice-input";
import type { Found } from "./use-choices";

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
          data-autofocus={autoFocus || undefined}
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
            Showing the first {CHOICES_SHOWN}. Type to find more.
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
