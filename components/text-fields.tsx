"use client";

import {
  PasswordInput,
  type PasswordInputProps,
  TextInput,
  type TextInputProps,
} from "@mantine/core";
import {
  type FieldPath,
  type FieldValues,
  get,
  type RegisterOptions,
  useFormContext,
} from "react-hook-form";
import { MIN_PASSWORD_CHARACTERS } from "@/lib/people/administrators/schema";

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
