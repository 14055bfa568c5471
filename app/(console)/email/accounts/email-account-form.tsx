"use client";

import {
  Button,
  Group,
  NativeSelect,
  Paper,
  PasswordInput,
  Stack,
  Switch,
  Textarea,
  TextInput,
} from "@mantine/core";
import type { Route } from "next";
import { Controller } from "react-hook-form";
import { FormProblem } from "@/components/form-problem";
import { LinkButton } from "@/components/links";
import type { ContactListChoice } from "@/lib/contacts/lists/schema";
import type { MailHosts } from "@/lib/egress/schema";
import {
  MODERN_SERVICES,
  SERVICE_LABELS,
  TEST_SCHEDULE_LABELS,
  TEST_SCHEDULES,
} from "@/lib/email-accounts/schema";
import type { ActionError } from "@/lib/http/schema";
import { KEY_MAX } from "@/lib/kernel/fields/schema";
import { SERVICES } from "@/lib/mail/schema";
import type { AccountForm, ProviderOption } from "./account-values";
import { CaptureSwitches } from "./capture-switches";
import { ContactListField } from "./contact-list-field";
import { HostFields } from "./host-fields";

type EmailAccountFormProps = {
  actionForm: {
    form: AccountForm;
    submit: (event: React.FormEvent) => void;
    problem: ActionError | null;
    isSaving: boolean;
  };
  providers: ProviderOption[];
  lists: ContactListChoice[];
  submitLabel: string;
  cancelHref: Route;
  hasPassword: boolean;
};

const EMPTY_HOSTS: MailHosts = {
  imap: { host: "", port: 993, tls: "implicit" },
  smtp: { host: "", port: 587, tls: "starttls" },
  pop3: { host: "", port: 995, tls: "implicit" },
};

export function EmailAccountForm(props: EmailAccountFormProps) {
  const { actionForm, providers, lists, submitLabel, cancelHref, hasPassword } = props;
  const { form, submit, problem, isSaving } = actionForm;
  return (
    <Paper withBorder p={{ base: "md", sm: "xl" }} radius="md">
      <form onSubmit={submit} noValidate>
        <Stack>
          <FormProblem problem={problem} />
          <GeneralFields form={form} lists={lists} />
          <SignInFields form={form} providers={providers} hasPassword={hasPassword} />
          <NativeSelect
            label="Connection test"
            description="How often Postkey tests automatically. Failures raise an alert."
            data={TEST_SCHEDULES.map((value) => ({ value, label: TEST_SCHEDULE_LABELS[value] }))}
            error={form.formState.errors.testSchedule?.message}
            {...form.register("testSchedule")}
          />
          <Textarea
            label="Description"
            autosize
            minRows={2}
            maxRows={8}
            error={form.formState.errors.description?.message}
            {...form.register("description")}
          />
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

function GeneralFields({ form, lists }: { form: AccountForm; lists: ContactListChoice[] }) {
  const { errors } = form.formState;
  return (
    <>
      <Group grow align="flex-start" preventGrowOverflow={false}>
        <TextInput
          label="Name"
          autoComplete="off"
          autoFocus
          withAsterisk
          miw={200}
          error={errors.name?.message}
          {...form.register("name")}
        />
        <TextInput
          label="Key"
          description={`Up to ${KEY_MAX} characters, shown on agents' tabs.`}
          inputWrapperOrder={["label", "input", "description", "error"]}
          autoComplete="off"
          withAsterisk
          miw={140}
          error={errors.key?.message}
          {...form.register("key")}
        />
      </Group>
      <TextInput
        label="Email Address"
        description="Messages are sent from this address."
        type="email"
        autoComplete="off"
        withAsterisk
        error={errors.emailAddress?.message}
        {...form.register("emailAddress", { onChange: () => suggestUsername(form) })}
      />
      <ContactListField form={form} lists={lists} />
      {form.watch("contactListId") && <CaptureSwitches form={form} />}
      <Controller
        control={form.control}
        name="active"
        render={({ field: { value, onChange, ...field } }) => (
          <Switch
            label="Active"
            description="Postkey keeps inactive accounts but doesn't use them."
            checked={value}
            onChange={(event) => onChange(event.currentTarget.checked)}
            {...field}
          />
        )}
      />
    </>
  );
}

/** Most mailboxes sign in under their own address: followed until the user name is typed itself. */
function suggestUsername(form: AccountForm): void {
  if (!form.getFieldState("username").isDirty)
    form.setValue("username", form.getValues("emailAddress").trim());
}

type SignInFieldsProps = { form: AccountForm; providers: ProviderOption[]; hasPassword: boolean };

function SignInFields({ form, providers, hasPassword }: SignInFieldsProps) {
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
