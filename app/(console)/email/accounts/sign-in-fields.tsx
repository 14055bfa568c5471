"use client";

import { NativeSelect, PasswordInput, Switch, TextInput } from "@mantine/core";
import { Controller } from "react-hook-form";
import type { MailHosts } from "@/lib/egress/schema";
import { MODERN_SERVICES, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { SERVICES } from "@/lib/mail/schema";
import type { AccountForm, ProviderOption } from "./account-values";
import { HostFields } from "./host-fields";

const EMPTY_HOSTS: MailHosts = {
  imap: { host: "", port: 993, tls: "implicit" },
  smtp: { host: "", port: 587, tls: "starttls" },
  pop3: { host: "", port: 995, tls: "implicit" },
};

type SignInFieldsProps = { form: AccountForm; providers: ProviderOption[]; hasPassword: boolean };

export function SignInFields({ form, providers, hasPassword }: SignInFieldsProps) {
  const { errors } = form.formState;
  const [service, isModern] = form.watch(["service", "modernAuthentication"]);
  const canBeModern = MODERN_SERVICES.includes(service);
  const { setValue, getValues } = form;
  // Before the fields of the hosts appear: they take what is there when they do.
  const changeService = () => {
    const chosen = getValues("service");
    setValue("modernAuthentication", MODERN_SERVICES.includes(chosen));
    setValue("hosts", chosen === "custom" ? EMPTY_HOSTS : null);
  };
  return (
    <>
      <NativeSelect
        label="Service"
        data={SERVICES.map((value) => ({ value, label: SERVICE_LABELS[value] }))}
        error={errors.service?.message}
        {...form.register("service", { onChange: changeService })}
      />
      {service === "custom" && <HostFields form={form} />}
      {canBeModern && <ModernSwitch form={form} />}
      <TextInput
        label="Username"
        description={
          isModern
            ? "The account that signs in: the mailbox itself, or someone with access to the shared mailbox."
            : "The user name for the mail server."
        }
        autoComplete="off"
        withAsterisk
        error={errors.username?.message}
        {...form.register("username")}
      />
      {isModern && (
        <TextInput
          label="Mailbox"
          description="The mailbox to open. Leave empty if it is the email address."
          autoComplete="off"
          error={errors.mailbox?.message}
          {...form.register("mailbox")}
        />
      )}
      {isModern ? (
        <ProviderField form={form} providers={providers} />
      ) : (
        <PasswordInput
          label="Password"
          description={
            hasPassword
              ? "A password is stored. Leave this empty to keep it for the same servers and user name."
              : undefined
          }
          autoComplete="new-password"
          withAsterisk={!hasPassword}
          error={errors.password?.message}
          {...form.register("password")}
        />
      )}
    </>
  );
}

function ModernSwitch({ form }: { form: AccountForm }) {
  return (
    <Controller
      control={form.control}
      name="modernAuthentication"
      render={({ field: { value, onChange, ...field }, fieldState }) => (
        <Switch
          label="Modern Authentication"
          description="Signs in through a cloud provider (OAuth 2.0); no password is stored."
          checked={value}
          error={fieldState.error?.message}
          onChange={(event) => onChange(event.currentTarget.checked)}
          {...field}
        />
      )}
    />
  );
}

function ProviderField({ form, providers }: { form: AccountForm; providers: ProviderOption[] }) {
  return (
    <NativeSelect
      label="Cloud Provider"
      description={
        providers.length === 0
          ? "No cloud providers yet. Add one under Settings, Cloud Providers."
          : undefined
      }
      withAsterisk
      data={[
        { value: "", label: "Choose …" },
        ...providers.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      error={form.formState.errors.cloudProviderId?.message}
      {...form.register("cloudProviderId", { setValueAs: (value) => value || null })}
    />
  );
}
