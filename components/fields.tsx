import {
  NativeSelect,
  type NativeSelectProps,
  PasswordInput,
  type PasswordInputProps,
  Stack,
  Switch,
  Textarea,
  type TextareaProps,
  TextInput,
  type TextInputProps,
} from "@mantine/core";
import type { ReactNode } from "react";
import {
  type FieldPath,
  type FieldPathByValue,
  type FieldValues,
  get,
  type RegisterOptions,
  useController,
  useFormContext,
} from "react-hook-form";
import { MIN_PASSWORD_CHARACTERS } from "@/lib/people/administrators/schema";
import classes from "./advanced-fields.module.css";

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

/** Value and message come from the form. */
export type Bound<V extends FieldValues, P> = Omit<
  P,
  "name" | "form" | "error" | "onChange" | "onBlur"
> &
  Options<V> & { name: FieldPath<V> };

type Options<V extends FieldValues> = {
  [O in "onChange" | "onBlur" | "setValueAs"]?: RegisterOptions<V, FieldPath<V>>[O] | undefined;
};

export function TextField<V extends FieldValues>(props: Bound<V, TextInputProps>) {
  return <TextInput autoComplete="off" {...useBound(props)} />;
}

/** Mantine does not mark this field as wrong. */
export function PasswordField<V extends FieldValues>(props: Bound<V, PasswordInputProps>) {
  const bound = useBound(props);
  return <PasswordInput autoComplete="off" {...bound} aria-invalid={bound.error !== undefined} />;
}

export function NewPasswordField<V extends FieldValues>(props: Bound<V, PasswordInputProps>) {
  return (
    <PasswordField<V>
      description={`At least ${MIN_PASSWORD_CHARACTERS} characters. A sentence is easy to remember.`}
      {...props}
      autoComplete="new-password"
    />
  );
}

export function useBound<V extends FieldValues, P>(props: Bound<V, P>) {
  const { name, onChange, onBlur, setValueAs, ...look } = props;
  const { register, formState } = useFormContext<V>();
  const options = {
    ...(onChange && { onChange }),
    ...(onBlur && { onBlur }),
    ...(setValueAs && { setValueAs }),
  };
  return { ...look, ...register(name, options), error: messageOf(get(formState.errors, name)) };
}

/** Or of a list's first wrong entry. */
function messageOf(error: unknown): string | undefined {
  const found = Array.isArray(error) ? error.find(Boolean) : error;
  if (typeof found !== "object" || found === null || !("message" in found)) return undefined;
  return typeof found.message === "string" ? found.message : undefined;
}

type AdvancedFieldsProps = { hint: string; isOpen?: boolean; children: ReactNode };

export function AdvancedFields({ hint, isOpen = false, children }: AdvancedFieldsProps) {
  return (
    <details className={classes.advanced} open={isOpen}>
      <summary>
        Advanced <span className={classes.hint}>{hint}</span>
      </summary>
      <Stack pt="md">{children}</Stack>
    </details>
  );
}
