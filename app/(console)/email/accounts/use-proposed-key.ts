"use client";

import { useEffect, useRef } from "react";
import { useFormContext } from "react-hook-form";
import type { AccountValues } from "./account-values";
import { proposeKeyAction } from "./actions";

const PAUSE_MS = 300;

/** @returns to be called when the name changes or the key loses focus */
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
  // Nothing appears under the fingers of someone about to type.
  const isTyped = () =>
    form.getFieldState("key").isDirty ||
    document.activeElement?.getAttribute("name") === ("key" satisfies keyof AccountValues);

  return () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void propose(), PAUSE_MS);
  };
}
