import { TextInput } from "@mantine/core";
import { type ReactNode, useState } from "react";

/** More are deleted only after their number is typed. */
const TYPED_FROM = 21;

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
