"use client";

import { Switch } from "@mantine/core";
import { type FieldPathByValue, type FieldValues, useController } from "react-hook-form";

type SwitchFieldProps<V extends FieldValues> = {
  name: FieldPathByValue<V, boolean | undefined>;
  label: string;
  description: string;
};

/** Yes or no, in the form around it. */
export function SwitchField<V extends FieldValues>(props: SwitchFieldProps<V>) {
  const { name, label, description } = props;
  const { field, fieldState } = useController<V>({ name });
  const { value, onChange, ...input } = field;
  return (
    <Switch
      label={label}
      description={description}
      checked={Boolean(value)}
      error={fieldState.error?.message}
      onChange={(event) => onChange(event.currentTarget.checked)}
      {...input}
    />
  );
}
