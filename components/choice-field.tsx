import { useState } from "react";
import { type FieldPathByValue, type FieldValues, useController } from "react-hook-form";
import type { Choice } from "@/lib/kernel/choices/schema";
import { ChoiceInput, type ChoiceInputProps } from "./choice-input";
import { knownChoice, rememberChoice } from "./known-choices";

type ChoiceFieldProps<V extends FieldValues> = Omit<
  ChoiceInputProps,
  "value" | "onChange" | "onBlur" | "error" | "ref"
> & {
  name: FieldPathByValue<V, string | null | undefined>;
  chosen: Choice | null;
  onChosen?: (choice: Choice | null) => void;
};

export function ChoiceField<V extends FieldValues>(props: ChoiceFieldProps<V>) {
  const { name, chosen, onChosen, ...input } = props;
  const { field, fieldState } = useController<V>({ name });
  const [last, setLast] = useState<Choice | null>(null);
  const known = [last, chosen, ...input.first.found, knownChoice(field.value)];
  const choose = (choice: Choice | null) => {
    setLast(choice);
    rememberChoice(choice);
    field.onChange(choice?.id ?? null);
    onChosen?.(choice);
  };
  return (
    <ChoiceInput
      {...input}
      ref={field.ref}
      value={known.find((choice) => choice?.id === field.value) ?? null}
      error={fieldState.error?.message}
      onChange={choose}
      onBlur={field.onBlur}
    />
  );
}
