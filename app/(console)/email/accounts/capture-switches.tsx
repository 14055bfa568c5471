"use client";

import { Stack, Switch } from "@mantine/core";
import { Controller } from "react-hook-form";
import type { AccountForm } from "./account-values";

const SWITCHES = [
  {
    name: "captureReplyTo",
    label: "Save the Reply-To address",
    description:
      "If a message has a Reply-To address, that is saved instead of the sender. Use this for web forms that send on people's behalf.",
  },
  {
    name: "captureAutomatic",
    label: "Save automatic senders",
    description:
      "Newsletters, bounces, out-of-office answers and no-reply addresses become contacts too.",
  },
] as const;

/** Whose address goes to the list, and of which messages. */
export function CaptureSwitches({ form }: { form: AccountForm }) {
  return (
    <Stack gap="xs">
      {SWITCHES.map(({ name, label, description }) => (
        <Controller
          key={name}
          control={form.control}
          name={name}
          render={({ field: { value, onChange, ...field } }) => (
            <Switch
              label={label}
              description={description}
              checked={value}
              onChange={(event) => onChange(event.currentTarget.checked)}
              {...field}
            />
          )}
        />
      ))}
    </Stack>
  );
}
