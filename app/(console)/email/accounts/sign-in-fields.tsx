"use client";

import { Fieldset, NativeSelect, PasswordInput, Stack, TextInput } from "@mantine/core";
import { useFormContext } from "react-hook-form";
import { searchCloudProvidersAction } from "@/app/(console)/choices/actions";
import { ChoiceField } from "@/components/choice-field";
import { EndpointFields } from "@/components/endpoint-fields";
import { SwitchField } from "@/components/switch-field";
import type { MailHosts } from "@/lib/egress/schema";
import { MODERN_SERVICES, SERVICE_LABELS } from "@/lib/email-accounts/schema";
import { SERVICES } from "@/lib/mail/schema";
import type { AccountChoices, AccountValues } from "./account-values";

const EMPTY_HOSTS: MailHosts = {
  imap: { host: "", port: 993, tls: "implicit" },
  smtp: { host: "", port: 587, tls: "starttls" },
  pop3: { host: "", port: 995, tls: "implicit" },
};

type SignInFieldsProps = { choices: AccountChoices; hasPassword: boolean };

/** Where the mailbox is, and how Postkey gets into it. */
export function SignInFields({ choices, hasPassword }: SignInFieldsProps) {
  const { register, watch, formState } = useFormContext<AccountValues>();
  const isModern = watch("modernAuthentication");
  return (
    <>
      <ServiceFields />
      <TextInput
        label="Username"
        description={
          isModern
            ? "The account that signs in: the mailbox itself, or someone with access to the shared mailbox."
            : "The user name for the mail server."
        }
        autoComplete="off"
        withAsterisk
        error={formState.errors.username?.message}
        {...register("username")}
      />
      {isModern ? (
        <>
          <TextInput
            label="Mailbox"
            description="The mailbox to open. Leave empty if it is the email address."
            autoComplete="off"
            error={formState.errors.mailbox?.message}
            {...register("mailbox")}
          />
          <ProviderField {...choices} />
        </>
      ) : (
        <PasswordField hasPassword={hasPassword} />
      )}
    </>
  );
}

function ServiceFields() {
  const { register, watch, setValue, getValues, formState } = useFormContext<AccountValues>();
  const service = watch("service");
  // Before the fields of the hosts appear: they read the current values when they do.
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
        error={formState.errors.service?.message}
        {...register("service", { onChange: changeService })}
      />
      {service === "custom" && (
        <Fieldset legend="Mail servers">
          <Stack gap="sm">
            <EndpointFields name="hosts.imap" protocol="IMAP" />
            <EndpointFields name="hosts.smtp" protocol="SMTP" />
            <EndpointFields name="hosts.pop3" protocol="POP3" />
          </Stack>
        </Fieldset>
      )}
      {MODERN_SERVICES.includes(service) && (
        <SwitchField<AccountValues>
          name="modernAuthentication"
          label="Modern Authentication"
          description="Signs in through a cloud provider (OAuth 2.0); no password is stored."
        />
      )}
    </>
  );
}

function PasswordField({ hasPassword }: { hasPassword: boolean }) {
  const { register, formState } = useFormContext<AccountValues>();
  return (
    <PasswordInput
      label="Password"
      description={
        hasPassword
          ? "A password is stored. Leave this empty to keep it for the same servers and user name."
          : undefined
      }
      autoComplete="new-password"
      withAsterisk={!hasPassword}
      error={formState.errors.password?.message}
      {...register("password")}
    />
  );
}

function ProviderField({ providers, provider }: AccountChoices) {
  return (
    <ChoiceField<AccountValues>
      name="cloudProviderId"
      label="Cloud Provider"
      description={
        providers.found.length === 0
          ? "No cloud providers yet. Add one under Settings, Cloud Providers."
          : undefined
      }
      placeholder="Choose …"
      withAsterisk
      first={providers}
      find={(search) => searchCloudProvidersAction({ search })}
      chosen={provider}
    />
  );
}
