"use client";

import { Textarea, TextInput } from "@mantine/core";
import { type FieldPathByValue, type FieldValues, get, useFormContext } from "react-hook-form";

type LimitFieldProps<V extends FieldValues, T> = {
  name: FieldPathByValue<V, T>;
  label: string;
  description: string;
};

/** A list of texts without blanks in them, one per line. */
export function LinesField<V extends FieldValues>(props: LimitFieldProps<V, string[] | undefined>) {
  const { name, ...texts } = props;
  const { register, error } = useField<V>(name);
  return (
    <Textarea
      {...texts}
      autosize
      minRows={2}
      error={error}
      {...register(name, { setValueAs: toLines })}
    />
  );
}

/** A whole number, or none. */
export function NumberField<V extends FieldValues>(
  props: LimitFieldProps<V, number | null | undefined>,
) {
  const { name, ...texts } = props;
  const { register, error } = useField<V>(name);
  return (
    <TextInput
      {...texts}
      inputMode="numeric"
      error={error}
      {...register(name, { setValueAs: toNumber })}
    />
  );
}

/** A day, or none. */
export function DayField<V extends FieldValues>(
  props: LimitFieldProps<V, string | null | undefined>,
) {
  const { name, ...texts } = props;
  const { register, error } = useField<V>(name);
  return (
    <TextInput {...texts} type="date" error={error} {...register(name, { setValueAs: toDay })} />
  );
}

function useField<V extends FieldValues>(name: string) {
  const { register, formState } = useFormContext<V>();
  return { register, error: messageOf(get(formState.errors, name)) };
}

function toLines(value: string | string[]): string[] {
  return typeof value === "string" ? value.split(/[\s,]+/).filter(Boolean) : value;
}

function toNumber(value: string | number | null): number | null {
  return value === null || value === "" ? null : Number(value);
}

function toDay(value: string | null): string | null {
  return value === "" ? null : value;
}

/** Of a field, or of the first entry of its list that has one. */
function messageOf(error: unknown): string | undefined {
  const found = Array.isArray(error) ? error.find(Boolean) : error;
  if (typeof found !== "object" || found === null || !("message" in found)) return undefined;
  return typeof found.message === "string" ? found.message : undefined;
}
