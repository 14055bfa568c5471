"use client";

import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

/** More than so many are deleted only after their number was typed. */
const TYPED_FROM = 21;

/** The field that asks for the number of things that are deleted; nothing where they are few. */
export function useTypedCount(count: number): { field: ReactNode; isTyped: boolean } {
  const [text, setText] = useState("");
  if (count < TYPED_FROM) return { field: null, isTyped: true };
  const field = (
    <TextInput
      label={`Type ${count.toLocaleString("en")} to confirm`}
      description="How many will be deleted."
      inputMode="numeric"
      autoComplete="off"
      value={text}
      onChange={({ currentTarget }) => setText(currentTarget.value)}
    />
  );
  return { field, isTyped: text.replace(/[\s,.]/g, "") === String(count) };
}
