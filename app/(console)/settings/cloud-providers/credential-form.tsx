import { NativeSelect, TextInput } from "@mantine/core";
import { useState } from "react";
import {
  type FieldPathByValue,
  type FieldValues,
  useController,
  useFormContext,
} from "react-hook-form";
import { dayText } from "@/components/day";
import { lastDayOf, wallTime } from "@/lib/kernel/clock";
import { PLATFORMS } from "@/lib/oauth/platforms/schema";
import {
  type CredentialFormValue,
  DEFAULT_CERTIFICATE,
  type EnteredCredential,
  SECRET_LIFETIMES,
  secretEnd,
  secretExpiryDays,
} from "@/lib/registrations/credentials/schema";
import type { ServiceId } from "@/lib/registrations/schema";

export type Place = "credential" | "replacement";
export type Kind = CredentialFormValue["kind"];

export function emptyCredential<K extends Kind>(
  kind: K,
): Exclude<CredentialFormValue, { kind: Exclude<Kind, K> }>;
export function emptyCredential(kind: Kind): CredentialFormValue {
  switch (kind) {
    case "client_secret":
      return { kind, clientSecret: "", secretExpiresOn: secretEnd() };
    case "certificate":
      return { kind, file: "", password: "" };
    case "federated_token":
      return { kind, tokenFile: "" };
    case "managed_identity":
      return { kind, identityClientId: "" };
    case "service_account":
      return { kind, keyFile: "" };
    case "generated_certificate":
      return { kind, ...DEFAULT_CERTIFICATE };
    default:
      throw new Error(`Unhandled kind ${kind satisfies never}`);
  }
}

type FieldName = CredentialFormValue extends infer V ? (V extends object ? keyof V : never) : never;

export function useCredential(name: Place) {
  const form = useFormContext<Record<Place, CredentialFormValue>>();
  const error = (field: FieldName) =>
    form.getFieldState(`${name}.${field}`, form.formState).error?.message;
  return { form, error };
}

type Entered = {
  entered: EnteredCredential;
  service: ServiceId;
  noun: "secret" | "credential";
  replaced: string;
};

export function enteredWords({ entered, service, noun, replaced }: Entered): string {
  if (entered.isReplaced) return replaced;
  return `This ${noun} is already in use, and it works. Nothing was replaced${endWords(entered.expiresAt, service)}`;
}

export function savedWords(entered: EnteredCredential | null, service: ServiceId): string {
  if (!entered || entered.isReplaced) return "Saved.";
  return `Saved. This credential was already in use${endWords(entered.expiresAt, service)}`;
}

function endWords(expiresAt: Date | null, service: ServiceId): string {
  if (!expiresAt) return ".";
  const day = dayText(lastDayOf(expiresAt));
  if (PLATFORMS[service].endlessSecrets) return `; the day to replace it by is still ${day}.`;
  if (expiresAt > wallTime()) return `; it still expires on ${day}.`;
  return `. The stored day of its expiry, ${day}, has passed: correct it with Change expiry.`;
}

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
  const lifetimes = SECRET_LIFETIMES.map(({ months, days }) => {
    const value = secretEnd(days);
    return { value, label: `In ${months} months, on ${dayText(new Date(value))}` };
  });
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
