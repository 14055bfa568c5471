"use client";

import {
  NativeSelect,
  type NativeSelectProps,
  Switch,
  Textarea,
  type TextareaProps,
} from "@mantine/core";
import { type FieldPathByValue, type FieldValues, useController } from "react-hook-form";
import { type Bound, TextField, useBound } from "./text-fields";

export function TextareaField<V extends FieldValues>(props: Bound<V, TextareaProps>) {
  return <Textarea {...useBound(props)} />;
}

export function SelectField<V extends FieldValues>(props: Bound<V, NativeSelectProps>) {
  return <NativeSelect {...useBound(props)} />;
}

type TypedProps<V extends FieldValues, T> = {
  name: FieldPathByValue<V, T>;
  label: string;
  description: string;
};

/** Without blanks, one per line. */
export function LinesField<V extends FieldValues>(props: TypedProps<V, string[] | undefined>) {
  return <TextareaField<V> autosize minRows={2} setValueAs={toLines} {...props} />;
}

export function NumberField<V extends FieldValues>(
  props: TypedProps<V, number | null | undefined>,
) {
  return <TextField<V> inputMode="numeric" setValueAs={toNumber} {...props} />;
}

export function DayField<V extends FieldValues>(props: TypedProps<V, string | null | undefined>) {
  return <TextField<V> type="date" setValueAs={toDay} {...props} />;
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

export function SwitchField<V extends FieldValues>(props: TypedProps<V, boolean | undefined>) {
  const { name, ...texts } = props;
  const { field, fieldState } = useController<V>({ name });
  const { value, onChange, ...input } = field;
  return (
    <Switch
      {...texts}
      checked={Boolean(value)}
      error={fieldState.error?.message}
      onChange={(event) => onChange(event.currentTarget.checked)}
      {...input}
    />
  );
}
