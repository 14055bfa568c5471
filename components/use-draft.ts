"use client";

import { useEffect } from "react";
import type { FieldValues, Path, PathValue, UseFormReturn } from "react-hook-form";
import { draftKey, leaveDraft, readDraft, writeDraft } from "./drafts";
import { notifySuccess } from "./notify";

/** What is typed into a form survives the end of the session; at the same address it is there again. */
export function useDraft<V extends FieldValues>(form: UseFormReturn<V>): void {
  useEffect(() => {
    const defaults = form.formState.defaultValues ?? {};
    const key = draftKey(defaults);
    const kept = readDraft(key);
    // The paths and values are those of this form: they were read from it.
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
      // On the next page there is no Cancel.
      withdraw();
      leaveDraft(key);
    };
  }, [form]);
}
