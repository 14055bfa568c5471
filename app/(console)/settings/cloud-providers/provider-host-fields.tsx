"use client";

import { Button, Fieldset, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { IconAdjustments } from "@tabler/icons-react";
import type { MouseEvent } from "react";
import type { UseFormReturn } from "react-hook-form";
import type { CloudChoice } from "@/lib/registrations/schema";
import type { RegistrationValues } from "./registration-values";

type ProviderHostFieldsProps = { form: UseFormReturn<RegistrationValues>; clouds: CloudChoice[] };

const ORIGINS = [
  ["authority", "Sign-in servers", "Postkey requests tokens here, and browsers sign in here."],
  ["scopeHost", "Host of the mail scopes", "The names of the mail permissions begin with it."],
  ["graph", "Microsoft Graph", "Only for renewing client secrets automatically. Can be empty."],
] as const;

const PROTOCOLS = [
  ["imap", "IMAP"],
  ["smtp", "SMTP"],
  ["pop3", "POP3"],
] as const;

/** The hosts of the cloud, folded in; folded out they are this provider's own. */
export function ProviderHostFields({ form, clouds }: ProviderHostFieldsProps) {
  const cloud = form.watch("cloud");
  const preset = clouds.find(({ id }) => id === cloud)?.hosts;
  if (form.watch("hosts") === null)
    return (
      <div>
        <Button
          size="compact-sm"
          variant="subtle"
          leftSection={<IconAdjustments size={16} />}
          disabled={!preset}
          onMouseDown={keepFocus}
          onClick={() => form.setValue("hosts", preset ? structuredClone(preset) : null)}
        >
          Edit hosts
        </Button>
      </div>
    );
  const reset = () => {
    form.clearErrors("hosts");
    form.setValue("hosts", null);
  };
  return (
    <Fieldset legend="Hosts">
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          These are the cloud's own hosts. Changes apply to this provider only.
        </Text>
        {ORIGINS.map(([name, label, description]) => (
          <TextInput
            key={name}
            label={label}
            description={description}
            autoComplete="off"
            spellCheck={false}
            error={form.getFieldState(`hosts.${name}`, form.formState).error?.message}
            {...form.register(`hosts.${name}`)}
          />
        ))}
        {PROTOCOLS.map(([protocol, name]) => (
          <MailHost key={protocol} form={form} protocol={protocol} name={name} />
        ))}
        <Group>
          <Button size="compact-sm" variant="subtle" onMouseDown={keepFocus} onClick={reset}>
            Use the hosts of the cloud
          </Button>
        </Group>
      </Stack>
    </Fieldset>
  );
}

/** A field that is left may grow by its message and move the button away under the pointer. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault();
}

type MailHostProps = {
  form: UseFormReturn<RegistrationValues>;
  protocol: "imap" | "smtp" | "pop3";
  name: string;
};

function MailHost({ form, protocol, name }: MailHostProps) {
  const error = (field: "host" | "port" | "tls") =>
    form.getFieldState(`hosts.mail.${protocol}.${field}`, form.formState).error?.message;
  return (
    <Group align="flex-start" grow preventGrowOverflow={false}>
      <TextInput
        label={`${name} host`}
        autoComplete="off"
        spellCheck={false}
        miw={180}
        error={error("host")}
        {...form.register(`hosts.mail.${protocol}.host`)}
      />
      <TextInput
        label="Port"
        aria-label={`${name} port`}
        inputMode="numeric"
        maw={90}
        error={error("port")}
        {...form.register(`hosts.mail.${protocol}.port`, { setValueAs: toPort })}
      />
      <NativeSelect
        label="Security"
        aria-label={`${name} security`}
        data={[
          { value: "implicit", label: "TLS" },
          { value: "starttls", label: "STARTTLS" },
        ]}
        maw={140}
        error={error("tls")}
        {...form.register(`hosts.mail.${protocol}.tls`)}
      />
    </Group>
  );
}

/** Digits alone are a port; anything else stays as typed and is refused with a message. */
function toPort(value: unknown): unknown {
  return typeof value === "string" && /^\d{1,6}$/.test(value) ? Number(value) : value;
}
