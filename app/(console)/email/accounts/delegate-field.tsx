"use client";

import { Anchor, Box, TextInput } from "@mantine/core";
import { useState } from "react";
import { useController } from "react-hook-form";
import { searchSignedInAction } from "@/app/(console)/choices/actions";
import { ChoiceInput } from "@/components/choice-input";
import type { Choices } from "@/lib/kernel/choices/schema";
import type { AccountValues } from "./account-values";
import { useSignedIn } from "./use-signed-in";

const LABEL = "Delegate";
const NONE: Choices = { found: [], hasMore: false };

/** Who signs in to a shared mailbox: one of those who are signed in at the provider, or someone new. */
export function DelegateField({ cloudProviderId }: { cloudProviderId: string | null }) {
  const { field, fieldState } = useController<AccountValues, "username">({ name: "username" });
  const { first, isKnown } = useSignedIn(cloudProviderId, field.value);
  const [isNew, setNew] = useState<boolean | null>(null);
  const isTyped = isNew ?? !isKnown;
  const hasChoices = first !== null && first.found.length > 0;
  const switchTo = (chosen: boolean) => {
    setNew(chosen);
    field.onChange("");
  };
  const shared = { label: LABEL, withAsterisk: true, error: fieldState.error?.message };
  if (cloudProviderId === null || !hasChoices || isTyped)
    return (
      <Box>
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
    <Box>
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

function Toggle({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Anchor component="button" type="button" size="sm" mt={6} onClick={onClick}>
      {children}
    </Anchor>
  );
}
