"use client";

import { useEffect, useRef } from "react";
import { useFormContext } from "react-hook-form";
import type { AccountValues } from "./account-values";
import { proposeKeyAction } from "./actions";

/** How long typing has to pause before the server is asked. */
const PAUSE_MS = 300;

/**
 * Fills in a free key for the name, until one is typed. Asked of the server, which knows the others.
 * @returns to be called when the name changed, or the key was left
 */
export function useProposedKey(): () => void {
  const form = useFormContext<AccountValues>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);

  const propose = async () => {
    const name = form.getValues("name");
    const result = await proposeKeyAction({ name }).catch(() => null);
    const isWanted = result?.ok && form.getValues("name") === name && !isTyped();
    if (isWanted) form.setValue("key", result.data, { shouldValidate: form.formState.isSubmitted });
  };
  // What would appear below the fingers of someone who is about to type is left to them.
  const isTyped = () =>
    form.getFieldState("key").isDirty ||
    document.activeElement?.getAttribute("name") === ("key" satisfies keyof AccountValues);

  return () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void propose(), PAUSE_MS);
  };
}
