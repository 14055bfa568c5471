"use client";

import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import { type FieldPathByValue, type FieldValues, useController } from "react-hook-form";
import { dayText } from "@/components/day";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import {
  SECRET_LIFETIMES,
  secretEnd,
  secretExpiryDays,
} from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";

type SecretExpiryFieldProps<V extends FieldValues> = {
  name: FieldPathByValue<V, string>;
  service: ServiceId;
};

const TEXTS = {
  expires: { label: "The secret expires", dayLabel: "The secret expires on" },
  endless: { label: "Replace the secret", dayLabel: "Replace the secret by" },
} as const;

const OWN_DAY = "day";

export function SecretExpiryField<V extends FieldValues>(props: SecretExpiryFieldProps<V>) {
  const { name, service } = props;
  const { field, fieldState } = useController<V>({ name });
  const [isOwnDay, setOwnDay] = useState(false);
  const { endlessSecrets, secretExpiryHint } = PLATFORMS[service];
  const { label, dayLabel } = TEXTS[endlessSecrets ? "endless" : "expires"];
  const lifetimes = lifetimeOptions();
  const isListed = lifetimes.some(({ value }) => value === field.value);
  const isDayShown = isOwnDay || !isListed;
  const days = secretExpiryDays();
  const choose = (value: string) => {
    setOwnDay(value === OWN_DAY);
    if (value !== OWN_DAY) field.onChange(value);
  };
  return (
    <>
      <NativeSelect
        label={label}
        description={secretExpiryHint}
        data={[...lifetimes, { value: OWN_DAY, label: "On a day of your choice" }]}
        value={isDayShown ? OWN_DAY : field.value}
        onChange={(event) => choose(event.currentTarget.value)}
      />
      {isDayShown && (
        <TextInput
          type="date"
          label={dayLabel}
          min={days.first}
          max={days.last}
          withAsterisk
          error={fieldState.error?.message}
          {...field}
        />
      )}
    </>
  );
}

function lifetimeOptions() {
  return SECRET_LIFETIMES.map(({ months, days }) => {
    const value = secretEnd(days);
    return { value, label: `In ${months} months, on ${dayText(new Date(value))}` };
  });
}
