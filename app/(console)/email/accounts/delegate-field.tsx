"use client";

import { Anchor, Box, TextInput } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { useController, useFormContext } from "react-hook-form";
import { searchSignedInAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import type { Choices } from "@/lib/kernel/choices/schema";
import type { AccountValues } from "./account-values";

const LABEL = "Delegate";
const NONE: Choices = { found: [], hasMore: false };

export function DelegateField({ cloudProviderId }: { cloudProviderId: string | null }) {
  const { field, fieldState } = useController<AccountValues, "username">({ name: "username" });
  const { first, isKnown } = useSignedIn(cloudProviderId, field.value);
  const [isNew, setNew] = useState<boolean | null>(null);
  const hasChoices = first !== null && first.found.length > 0;
  const isNobody = first !== null && !hasChoices;
  const isTyped = cloudProviderId === null || isNobody || (isNew ?? !isKnown);
  const focus = useKeptFocus(isTyped);
  const switchTo = (chosen: boolean) => {
    setNew(chosen);
    field.onChange("");
  };
  const shared = { label: LABEL, withAsterisk: true, error: fieldState.error?.message };
  if (isTyped)
    return (
      <Box {...focus}>
        <TextInput
          {...shared}
          description="The address of the person who signs in and has access to the shared mailbox."
          autoComplete="off"
          {...field}
        />
        {hasChoices && (
          <Toggle onClick={() => switchTo(false)}>Choose someone who is signed in</Toggle>
        )}
      </Box>
    );
  return (
    <Box {...focus}>
      <ChoiceInput
        {...shared}
        ref={field.ref}
        description="Someone who is signed in and has access to the shared mailbox."
        placeholder="Choose …"
        first={first ?? NONE}
        find={(search) => searchSignedInAction({ cloudProviderId, search })}
        value={field.value ? { id: field.value, name: field.value } : null}
        onChange={(choice) => field.onChange(choice?.id ?? "")}
        onBlur={field.onBlur}
      />
      <Toggle onClick={() => switchTo(true)}>Someone who is not signed in yet</Toggle>
    </Box>
  );
}

/** The input that replaces the focused one gets the focus. */
function useKeptFocus(isTyped: boolean) {
  const { setFocus } = useFormContext<AccountValues>();
  const isFocused = useRef(false);
  const shown = useRef(isTyped);
  useEffect(() => {
    if (shown.current !== isTyped && isFocused.current) setFocus("username");
    shown.current = isTyped;
  }, [isTyped, setFocus]);
  return {
    onFocus: () => {
      isFocused.current = true;
    },
    onBlur: () => {
      isFocused.current = false;
    },
  };
}

function Toggle({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Anchor component="button" type="button" size="sm" mt={6} onClick={onClick}>
      {children}
    </Anchor>
  );
}

type Answer = Choices & { isKnown: boolean };

/** `isKnown`: whether the initial name is among them, or empty. */
function useSignedIn(cloudProviderId: string | null, username: string) {
  const [answer, setAnswer] = useState<Answer | null>(null);
  const [began] = useState(username.trim().toLowerCase());
  useEffect(() => {
    if (cloudProviderId === null) return;
    let isCurrent = true;
    void ask(cloudProviderId, began).then((found) => isCurrent && setAnswer(found));
    return () => {
      isCurrent = false;
    };
  }, [cloudProviderId, began]);
  return { first: answer, isKnown: answer?.isKnown ?? true };
}

async function ask(cloudProviderId: string, began: string): Promise<Answer | null> {
  const search = (text: string) =>
    searchSignedInAction({ cloudProviderId, search: text }).catch(() => null);
  const [first, known] = await Promise.all([search(""), began === "" ? null : search(began)]);
  if (!first?.ok) return null;
  const isAmong = known?.ok && known.data.found.some(({ id }) => id === began);
  return { ...first.data, isKnown: began === "" || Boolean(isAmong) };
}
