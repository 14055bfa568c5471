"use client";

import { useEffect } from "react";
import type { FieldValues, Path, PathValue, UseFormReturn } from "react-hook-form";
import { draftKey, leaveDraft, readDraft, writeDraft } from "./drafts";
import { notifySuccess } from "./notify";

/** By address, beyond the end of the session. */
export function useDraft<V extends FieldValues>(form: UseFormReturn<V>): void {
  useEffect(() => {
    const defaults = form.formState.defaultValues ?? {};
    const key = draftKey(defaults);
    const kept = readDraft(key);
    // These were read from this form.
    for (const [path, value] of kept)
      form.setValue(path as Path<V>, value as PathValue<V, Path<V>>, { shouldDirty: true });
    const withdraw =
      kept.length > 0
        ? notifySuccess("What you typed here before is here again. Cancel discards it.")
        : () => {};
    const stop = form.subscribe({
      formState: { values: true },
      callback: ({ values }) => writeDraft(key, defaults, values),
    });
    return () => {
      stop();
      // The next page has no Cancel.
      withdraw();
      leaveDraft(key);
    };
  }, [form]);
}
