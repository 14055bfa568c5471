"use client";

import { Stack } from "@mantine/core";
import { SwitchField } from "@/components/switch-field";
import type { AccountValues } from "./account-values";

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
export function CaptureSwitches() {
  return (
    <Stack gap="xs">
      {SWITCHES.map((field) => (
        <SwitchField<AccountValues> key={field.name} {...field} />
      ))}
    </Stack>
  );
}
