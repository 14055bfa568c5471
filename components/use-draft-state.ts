"use client";

import { useEffect, useState } from "react";
import { draftKey, leaveDraft, readDraft, writeDraft } from "./drafts";

/** What is chosen beside the fields of a form, kept as they are: it survives the end of the session. */
export function useDraftState<T extends string>(
  name: string,
  { initial, toValue }: { initial: T; toValue: (kept: string) => T },
): [T, (value: T) => void] {
  const [value, setValue] = useState(initial);
  useEffect(() => {
    const key = draftKey({ id: name });
    for (const [, kept] of readDraft(key)) setValue(toValue(String(kept)));
    return () => leaveDraft(key);
  }, [name, toValue]);
  useEffect(
    () => writeDraft(draftKey({ id: name }), { [name]: initial }, { [name]: value }),
    [name, initial, value],
  );
  return [value, setValue];
}
