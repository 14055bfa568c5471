"use client";

import { Fieldset, Group, NativeSelect, Stack, TextInput } from "@mantine/core";
import type { AccountForm } from "./account-values";

const PROTOCOLS = [
  ["imap", "IMAP"],
  ["smtp", "SMTP"],
  ["pop3", "POP3"],
] as const;

/** Host, port and security of each protocol of a Custom account. */
export function HostFields({ form }: { form: AccountForm }) {
  const errors = form.formState.errors.hosts;
  return (
    <Fieldset legend="Mail servers">
      <Stack gap="sm">
        {PROTOCOLS.map(([protocol, name]) => (
          <Group key={protocol} align="flex-start" grow preventGrowOverflow={false}>
            <TextInput
              label={`${name} host`}
              autoComplete="off"
              spellCheck={false}
              miw={180}
              error={errors?.[protocol]?.host?.message}
              {...form.register(`hosts.${protocol}.host`)}
            />
            <TextInput
              label="Port"
              aria-label={`${name} port`}
              inputMode="numeric"
              maw={90}
              error={errors?.[protocol]?.port?.message}
              {...form.register(`hosts.${protocol}.port`, { setValueAs: toPort })}
            />
            <NativeSelect
              label="Security"
              aria-label={`${name} security`}
              data={[
                { value: "implicit", label: "TLS" },
                { value: "starttls", label: "STARTTLS" },
              ]}
              maw={140}
              error={errors?.[protocol]?.tls?.message}
              {...form.register(`hosts.${protocol}.tls`)}
            />
          </Group>
        ))}
      </Stack>
    </Fieldset>
  );
}

/** Digits alone are a port; anything else stays as typed and is refused with a message. */
function toPort(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value;
}
