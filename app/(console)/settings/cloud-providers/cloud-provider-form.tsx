"use client";

import { Button, Group, NativeSelect, Paper, Stack, TextInput } from "@mantine/core";
import type { Route } from "next";
import { type ReactNode, useState } from "react";
import type { UseFormReturn } from "react-hook-form";
import { LinkButton } from "@/components/links";
import { PLATFORMS, SERVICE_IDS } from "@/lib/oauth/platforms/schema";
import { trimGuid } from "@/lib/registrations/credentials/schema";
import type { CloudChoice, ServiceId } from "@/lib/registrations/schema";
import { GoogleFields } from "./google-fields";
import { GRANT_HINTS } from "./grant-hints";
import { ProviderHostFields } from "./provider-host-fields";
import type { RegistrationValues } from "./registration-values";

const GRANTS = [
  { value: "delegated", label: "Each mailbox signs in, in the browser (delegated)" },
  { value: "device_code", label: "Each mailbox signs in, on another device (device code)" },
  { value: "app_only", label: "The application by itself (app-only)" },
] as const;

type RegistrationFieldsProps = {
  form: UseFormReturn<RegistrationValues>;
  clouds: CloudChoice[];
  /** Of a provider that exists, the service stays what it is. */
  canChooseService?: boolean;
};

const SERVICES = SERVICE_IDS.map((value) => ({ value, label: PLATFORMS[value].label }));

/** What one service calls Outlook365, another calls Gmail: one type for each now. */
const TYPES = {
  microsoft_azure: { value: "outlook365", label: "Outlook365" },
  google: { value: "gmail", label: "Gmail" },
} as const satisfies Record<ServiceId, { value: RegistrationValues["type"]; label: string }>;

const ACCOUNT_TYPES = [
  { value: "tenant", label: "This tenant only" },
  { value: "organizations", label: "Any organisation" },
  { value: "organizations_and_personal", label: "Any organisation and personal accounts" },
];

export function RegistrationFields({
  form,
  clouds,
  canChooseService = true,
}: RegistrationFieldsProps) {
  const { register, setValue } = form;
  const { errors } = form.formState;
  const service = form.watch("service");
  const ofService = clouds.filter((cloud) => cloud.service === service);
  const changeService = (chosen: ServiceId) => {
    setValue("service", chosen);
    setValue("type", TYPES[chosen].value);
    setValue("cloud", clouds.find((cloud) => cloud.service === chosen)?.id ?? "");
    setValue("grant", "delegated");
    setValue("accountTypes", "tenant");
    setValue("hosts", null);
    form.clearErrors(["clientId", "tenantId"]);
  };
  return (
    <>
      <TextInput
        label="Name"
        description="A name for this connection, such as your company's."
        autoComplete="off"
        autoFocus
        withAsterisk
        error={errors.name?.message}
        {...register("name")}
      />
      <Group grow align="flex-start">
        <NativeSelect
          label="Service"
          data={canChooseService ? SERVICES : SERVICES.filter(({ value }) => value === service)}
          error={errors.service?.message}
          value={service}
          onChange={(event) => changeService(event.currentTarget.value as ServiceId)} // one of SERVICES
        />
        <NativeSelect
          key={service} // takes its value anew, once the other options are there
          label="Type"
          data={[TYPES[service]]}
          error={errors.type?.message}
          {...register("type")}
        />
      </Group>
      <Group grow align="flex-start">
        <NativeSelect
          key={service}
          label="Cloud"
          data={ofService.map(({ id, label }) => ({ value: id, label }))}
          error={errors.cloud?.message}
          {...register("cloud", { onChange: () => setValue("hosts", null) })}
        />
        {service === "microsoft_azure" && (
          <NativeSelect
            label="Supported account types"
            data={ACCOUNT_TYPES}
            error={errors.accountTypes?.message}
            {...register("accountTypes")}
          />
        )}
      </Group>
      {service === "microsoft_azure" ? (
        <MicrosoftFields form={form} clouds={ofService} />
      ) : (
        <GoogleFields form={form} />
      )}
    </>
  );
}

type FieldsProps = { form: UseFormReturn<RegistrationValues> };

function MicrosoftFields({ form, clouds }: FieldsProps & { clouds: CloudChoice[] }) {
  return (
    <>
      <ProviderHostFields form={form} clouds={clouds} />
      <NativeSelect
        label="How mailboxes sign in"
        description={GRANT_HINTS[form.watch("grant")]}
        data={GRANTS}
        error={form.formState.errors.grant?.message}
        {...form.register("grant")}
      />
      <GuidField
        form={form}
        name="clientId"
        label="Application Id"
        description="“Application (client) ID” on the app registration's overview."
      />
      <GuidField
        form={form}
        name="tenantId"
        label="Tenant Id"
        description="“Directory (tenant) ID” on the same page, or a domain of the tenant."
      />
    </>
  );
}

type GuidFieldProps = {
  form: UseFormReturn<RegistrationValues>;
  name: "clientId" | "tenantId";
  label: string;
  description: string;
};

/** An id as it comes from the clipboard: what was copied along is removed, and that is said. */
function GuidField({ form, name, label, description }: GuidFieldProps) {
  const [wasTrimmed, setTrimmed] = useState(false);
  const trim = () => {
    const typed = form.getValues(name);
    const trimmed = trimGuid(typed);
    setTrimmed(trimmed !== typed);
    if (trimmed !== typed) form.setValue(name, trimmed, { shouldValidate: true });
  };
  return (
    <TextInput
      label={label}
      description={wasTrimmed ? "Spaces or braces around it were removed." : description}
      placeholder="00000000-0000-0000-0000-000000000000"
      autoComplete="off"
      spellCheck={false}
      withAsterisk
      error={form.formState.errors[name]?.message}
      {...form.register(name, { onBlur: trim })}
    />
  );
}

type FormFrameProps = {
  onSubmit: (event: React.FormEvent) => void;
  isSaving: boolean;
  submitLabel: string;
  cancelHref: Route;
  children: ReactNode;
};

export function FormFrame({
  onSubmit,
  isSaving,
  submitLabel,
  cancelHref,
  children,
}: FormFrameProps) {
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
      <form onSubmit={onSubmit} noValidate>
        <Stack>
          {children}
          <Group justify="flex-end" mt="xs">
            <LinkButton variant="default" href={cancelHref}>
              Cancel
            </LinkButton>
            <Button type="submit" loading={isSaving}>
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
    </Paper>
  );
}
